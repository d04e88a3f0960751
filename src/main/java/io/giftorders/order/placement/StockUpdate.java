package io.giftorders.order.placement;

/**
 * How the stock update guards the gift's row. All three keep the same promise: a gift is never oversold, and an update
 * that hits no row is the optimistic-lock conflict that runs the transaction again.
 *
 * <p>Statements are built from numbers alone, which cannot carry SQL: all updates of a batch travel in one round trip, and
 * the protocol binds no values there.
 */
enum StockUpdate {
    /** Takes as long as enough is left, whoever else took in between. */
    AT_LEAST,
    /** The optimistic lock of the shop's design paper: takes only if nobody else took since the stock was read. */
    UNCHANGED,
    /** Its pessimistic lock: the gifts were read FOR UPDATE, so nobody else can have taken. */
    LOCKED;

    /** The guard {@code terms} keeps an order decided under old price, window or limit from committing under new ones. */
    String statement(Taking taking) {
        String stock = this == UNCHANGED ? "stock = " + taking.gift().stock() : "stock >= " + taking.count();
        return "UPDATE gift SET stock = stock - " + taking.count() + ", sales = sales + " + taking.count()
                + " WHERE id = " + taking.gift().id() + " AND " + stock + " AND terms = "
                + taking.gift().terms();
    }
}
