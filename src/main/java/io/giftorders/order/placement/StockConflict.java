package io.giftorders.order.placement;

/** A conditional update hit no row: another transaction was faster. Rolls the transaction back, to be run again. */
final class StockConflict extends RuntimeException {

    StockConflict() {
        super("a conditional update hit no row", null, false, false);
    }
}
