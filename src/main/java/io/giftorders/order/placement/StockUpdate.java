package io.giftorders.order.placement;

import java.util.List;
import java.util.stream.Collectors;

/**
 * How the stock update guards the gift's row. All three keep the same promise: a gift is never oversold, and one that the
 * update does not hit is the optimistic-lock conflict that runs the transaction again.
 *
 * <p>Statements are built from numbers alone, which cannot carry SQL: all statements of a batch travel in one round trip,
 * and the protocol binds no values there.
 */
enum StockUpdate {
    /** Takes as long as enough is left, whoever else took in between. */
    AT_LEAST,
    /** The optimistic lock of the shop's design paper: takes only if nobody else took since the stock was read. */
    UNCHANGED,
    /** Its pessimistic lock: the gifts were read FOR UPDATE, so nobody else can have taken. */
    LOCKED;

    private static final String TAKE = """
            UPDATE JSON_TABLE('%s', '$[*]' COLUMNS (
                       id BIGINT PATH '$[0]',
                       pieces BIGINT PATH '$[1]',
                       stock BIGINT PATH '$[2]',
                       terms INT PATH '$[3]')) taken
              STRAIGHT_JOIN gift ON gift.id = taken.id
              SET gift.stock = gift.stock - taken.pieces, gift.sales = gift.sales + taken.pieces
              WHERE %s AND gift.terms = taken.terms
            """;

    /**
     * Conditional updates of all these gifts as one statement: it hits as many rows as there are gifts, unless somebody was in
     * the way of one. What is taken travels as a table and stands first in the join, so that the gifts' rows are locked in
     * its order. A statement for each gift would cost the database four times as much. The guard {@code terms} keeps an order
     * that was decided under an old price, window or limit from committing under a new one.
     *
     * @param takings at least one, in id order
     */
    String statement(List<Taking> takings) {
        String taken = takings.stream()
                .map(taking -> "[" + taking.gift().id() + "," + taking.count() + ","
                        + taking.gift().stock() + "," + taking.gift().terms() + "]")
                .collect(Collectors.joining(",", "[", "]"));
        return TAKE.formatted(taken, this == UNCHANGED ? "gift.stock = taken.stock" : "gift.stock >= taken.pieces");
    }
}
