package io.giftorders.order.placement;

import io.giftorders.work.Lane;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The lanes of an instance, and how many of them are open.
 *
 * <p>While one transaction waits, for its COMMIT or for a database that is far away, another one can read and write. Where the
 * processors are busy there is nothing of the kind to win: with two lanes batches are half as large, and each costs the
 * service and its database some work of its own. So where nobody set their number, the second lane is open only while
 * there are processors to spare. Measured: {@code src/docs/benchmarks.md}, "One lane or two".
 */
final class Lanes {

    /** Share of the processors' time. Chosen: below what one lane uses where the database has the same two of them. */
    private static final double SPARE = 0.6;

    /** Chosen: above what one lane uses there at 64 connections, below what two do. */
    private static final double BUSY = 0.8;

    private final List<Lane<PendingOrder>> all;
    private final boolean adapting;
    private volatile int open;

    Lanes(PlacementProperties properties, Supplier<Lane<PendingOrder>> newLane) {
        this.all = Stream.generate(newLane).limit(properties.mostLanes()).toList();
        this.adapting = properties.lanes() == null;
        this.open = adapting ? 1 : all.size();
    }

    /** The open lane for all orders with the same number. */
    Lane<PendingOrder> of(long number) {
        return all.get(Math.floorMod(number, open));
    }

    int open() {
        return open;
    }

    /** Whether the number of open lanes follows the load. */
    boolean isAdapting() {
        return adapting;
    }

    /**
     * Opens or closes lanes, unless their number was set. One that is closed works off what it has.
     *
     * @param load share of the processors' time that was used lately, 0 to 1; less than 0: not known
     */
    void adapt(double load) {
        if (adapting && load > BUSY) {
            open = 1;
        } else if (adapting && load >= 0 && load < SPARE) {
            open = all.size();
        }
    }

    boolean areFull() {
        return all.stream().limit(open).allMatch(Lane::isFull);
    }

    boolean areIdle() {
        return all.stream().allMatch(Lane::isIdle);
    }

    void refuseLate() {
        all.forEach(Lane::refuseLate);
    }
}
