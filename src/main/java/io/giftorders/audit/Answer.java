package io.giftorders.audit;

import org.jspecify.annotations.Nullable;

/**
 * What a buyer heard after sending an order.
 *
 * @param sending who sent it, under which key
 * @param status of the answer; 0 where none was heard
 * @param problem last part of the problem's type, or null
 * @param orderCode the order's code, where the answer named one
 */
record Answer(
        Sending sending,
        int status,
        @Nullable String problem,
        @Nullable Long orderCode) {

    /** The service's word for a COMMIT whose answer was lost. */
    private static final String OUTCOME_UNKNOWN = "outcome-unknown";

    /** A buyer and the idempotency key of an order, or null where it has none. */
    record Sending(long uid, @Nullable String key) {

        @Override
        public String toString() {
            return "buyer " + uid + (key == null ? " without a key" : " under key " + key);
        }
    }

    /** Whether the order was acknowledged: from here on it must be there. */
    boolean acknowledged() {
        return status == 200 || status == 201;
    }

    /**
     * Whether the order may be there or not: nobody answered, the service could not tell (500 included), or somebody between
     * the buyer and the service answered in its place, which shows in a 503 without a problem.
     */
    boolean unknown() {
        boolean turnedAway = status == 503 && problem != null && !problem.equals(OUTCOME_UNKNOWN);
        boolean refused = status >= 400 && status < 500;
        return !acknowledged() && !refused && !turnedAway;
    }
}
