package io.giftorders.recording;

import java.util.Set;

/**
 * What a buyer was told about one order.
 *
 * @param idempotencyKey the order's own; without it an order that nobody heard of could not be recognised
 * @param status HTTP status; 0 if no answer was heard
 * @param problem last part of the problem's {@code type}; empty if it is none
 * @param orderCode empty if none was told
 */
public record OrderAnswer(long uid, String idempotencyKey, int status, String problem, String orderCode) {

    private static final Set<Integer> REFUSALS = Set.of(400, 401, 403, 404, 409, 413, 415, 422);

    public static OrderAnswer unheard(long uid, String idempotencyKey) {
        return new OrderAnswer(uid, idempotencyKey, 0, "", "");
    }

    public boolean heard() {
        return status != 0;
    }

    /** The shop promised that the order is in its books. */
    public boolean acknowledged() {
        return (status == 201 || status == 200) && !orderCode.isEmpty();
    }

    /** No, and the same order will not be taken later either. */
    public boolean refused() {
        return REFUSALS.contains(status) && !problem.isEmpty();
    }

    /** No, for a reason that lies in the goods: nothing was wrong with the order itself. */
    public boolean declined() {
        return status == 409 && !problem.isEmpty();
    }

    /** Not now: the shop asks to be asked again. */
    public boolean putOff() {
        return status == 503 && !problem.isEmpty();
    }
}
