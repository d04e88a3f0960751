package io.giftorders.payment;

import io.giftorders.shop.Shop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Buyers and operators who come again and again until the day ends, and then still do what they meant to do later. What
 * each of them draws is a function of the seed.
 */
public final class BusyDay implements AutoCloseable {

    private static final int BUYERS_AT_ONCE = 16;
    private static final int OPERATORS_AT_ONCE = 3;

    /** Chosen: people put things off for seconds. */
    private static final Duration LONGEST_CLOSING = Duration.ofMinutes(1);

    private final long seed;
    private final AtomicBoolean open = new AtomicBoolean(true);
    private final List<CompletableFuture<?>> visitors = new ArrayList<>();
    private final ExecutorService people = Executors.newCachedThreadPool(new CustomizableThreadFactory("people-"));
    private final ScheduledExecutorService later =
            Executors.newScheduledThreadPool(16, new CustomizableThreadFactory("later-"));

    public BusyDay(long seed) {
        this.seed = seed;
    }

    /** Takes what people put off, which is done even after the day; what is repeated ends with it. */
    public ScheduledExecutorService later() {
        return later;
    }

    /** Lets everybody in. */
    public void begin(Consumer<Random> buy, Consumer<Random> operate) {
        for (int buyer = 0; buyer < BUYERS_AT_ONCE; buyer++) {
            visitors.add(again(buyer, buy));
        }
        for (int operator = 0; operator < OPERATORS_AT_ONCE; operator++) {
            visitors.add(again(100 + operator, operate));
        }
    }

    private CompletableFuture<?> again(int who, Consumer<Random> work) {
        Random random = new Random(seed + who);
        return CompletableFuture.runAsync(
                () -> {
                    while (open.get()) {
                        work.accept(random);
                        Pauses.millis(random.nextInt(150));
                    }
                },
                people);
    }

    /** Comes back when everybody has left and nothing is put off any more; fails where a visitor failed. */
    public void end() {
        open.set(false);
        visitors.forEach(CompletableFuture::join);
        // not before: who is still here puts more off
        later.shutdown();
        Shop.await(LONGEST_CLOSING, later::isTerminated);
    }

    /** Whatever was not done by now is not done. */
    @Override
    public void close() {
        open.set(false);
        people.shutdownNow();
        later.shutdownNow();
    }
}
