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
 * there is processor time to spare. Measured: {@code src/docs/benchmarks.md}, "One lane or two".
 */
final class Lanes {

    /** Share of the processors' time. Chosen: less than one lane uses where the database runs on the same two cores. */
    private static final double SPARE = 0.6;

    /** Chosen: what two lanes use on such cores, and one lane does not, with 64 connections that order all the time. */
    private static final double BUSY = 0.8;

    /**
     * Chosen: one look can be wrong. What the JVM tells is about the time since anybody asked it, and whoever reads the
     * metrics asks as well.
     */
    private static final int LOOKS_THAT_AGREE = 3;

    private final List<Lane<PendingOrder>> all;
    private final boolean adapting;
    private volatile int open;
    private int disagreeing;

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
     * Opens or closes lanes, unless their number was set, if the last looks agree. One that is closed works off what it has.
     * One thread at a time.
     *
     * @param load share of the processors' time that was used lately, up to 1; 0 or less: not known
     */
    void adapt(double load) {
        if (!adapting || !(load > 0)) {
            return;
        }
        int wanted = load > BUSY ? 1 : load < SPARE ? all.size() : open;
        disagreeing = wanted == open ? 0 : disagreeing + 1;
        if (disagreeing == LOOKS_THAT_AGREE) {
            open = wanted;
            disagreeing = 0;
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
