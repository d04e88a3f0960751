package io.giftorders.faults;

import io.giftorders.machine.CuttingProxy.Cut;
import io.giftorders.payment.Squall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What happens to a shop, and when. A function of the seed, so that a seed repeats its plan.
 *
 * @param instances how many share the load
 * @param resolveFor how long the service asks for the outcome of a COMMIT without an answer
 * @param events by time
 */
record Plan(long seed, Duration length, int instances, Duration resolveFor, List<Event> events) {

    /** The service's default, and longer than the database is ever away. */
    private static final Duration LONG = Duration.ofSeconds(15);

    /** Shorter than most of the times that the database is away, so that orders may stay unknown. */
    private static final Duration SHORT = Duration.ofSeconds(1);

    Plan {
        events = List.copyOf(events);
    }

    /** @param at from the start of the load */
    record Event(Duration at, Disaster disaster) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%7.3f s  %s", at.toMillis() / 1_000.0, disaster);
        }
    }

    static Plan of(long seed) {
        // spreads neighbouring seeds: Random's first numbers are alike for them
        return new Drawing(new Random(seed * 0x9E3779B97F4A7C15L)).plan(seed);
    }

    /** Nothing happens. */
    static Plan calm(long seed, Duration length) {
        return new Plan(seed, length, 1, LONG, List.of());
    }

    @Override
    public String toString() {
        return events.stream()
                .map(Event::toString)
                .collect(Collectors.joining(
                        "\n",
                        "seed " + seed + ", " + length.toSeconds() + " s, " + instances
                                + " of the service, COMMIT asked for " + resolveFor.toSeconds() + " s\n",
                        ""));
    }

    /** The dice of one plan. */
    private static final class Drawing {

        /** Chosen: a service is back within ten seconds, and meanwhile the other one works. */
        private static final Pause HEAVY = new Pause(2_500, 5_000);

        /** Chosen: where there is no other, most of these strike one that works. */
        private static final Pause HEAVY_FOR_ONE = new Pause(8_000, 12_000);

        /** Five of its heaviest pauses, so that every kind of heavy disaster strikes. */
        private static final int HEAVY_PAUSES = 5;

        private static final Pause LIGHT = new Pause(200, 1_200);
        private static final Pause WEATHER = new Pause(300, 1_000);

        private final Random random;
        private final int instances;
        private final Duration resolveFor;
        private final List<Supplier<Disaster>> deck = new ArrayList<>();

        Drawing(Random random) {
            this.random = random;
            this.instances = 1 + random.nextInt(2);
            this.resolveFor = random.nextBoolean() ? SHORT : LONG;
        }

        Plan plan(long seed) {
            Pause heavy = instances == 1 ? HEAVY_FOR_ONE : HEAVY;
            Duration length = Duration.ofMillis((long) HEAVY_PAUSES * heavy.toMillis());
            List<Event> events = new ArrayList<>();
            events.addAll(series(length, heavy, this::heavy));
            events.addAll(series(length, LIGHT, this::light));
            events.addAll(series(length, WEATHER, () -> new Disaster.AlipayMisbehaves(Squall.draw(random))));
            events.sort(Comparator.comparing(Event::at));
            return new Plan(seed, length, instances, resolveFor, events);
        }

        private List<Event> series(Duration length, Pause pause, Supplier<Disaster> next) {
            List<Event> events = new ArrayList<>();
            for (Duration at = pause.draw(random); at.compareTo(length) < 0; at = at.plus(pause.draw(random))) {
                events.add(new Event(at, next.get()));
            }
            return events;
        }

        /** Dealt like cards: every kind comes before one comes again. */
        private Disaster heavy() {
            if (deck.isEmpty()) {
                deck.add(() -> new Disaster.KillService(instance()));
                deck.add(() -> new Disaster.StopService(instance()));
                deck.add(() -> new Disaster.FreezeService(instance(), millis(500, 6_000)));
                deck.add(() -> new Disaster.KillDatabase(millis(0, 3_000)));
                // at times longer than the 8 seconds after which the service cuts a silent connection
                deck.add(() -> new Disaster.FreezeDatabase(millis(500, 10_000)));
                Collections.shuffle(deck, random);
            }
            return deck.remove(deck.size() - 1).get();
        }

        private Disaster light() {
            return switch (random.nextInt(9)) {
                case 0 -> new Disaster.CutDatabase(instance());
                case 1 -> new Disaster.SlowDatabase(instance(), millis(5, 150), millis(500, 3_000));
                case 2, 3 -> new Disaster.LoseCommit(instance(), Cut.AFTER_COMMIT);
                case 4 -> new Disaster.LoseCommit(instance(), Cut.BEFORE_COMMIT);
                case 5 -> new Disaster.LoseDatabaseAtCommit(instance(), millis(1_500, 4_000));
                case 6 -> new Disaster.CutBuyers(instance());
                case 7 -> new Disaster.SlowBuyers(instance(), millis(50, 1_000), millis(500, 3_000));
                default -> new Disaster.ReplayNotifies(instance(), 1 + random.nextInt(40), random.nextLong());
            };
        }

        private int instance() {
            return 1 + random.nextInt(instances);
        }

        private Duration millis(int from, int to) {
            return new Pause(from, to).draw(random);
        }
    }

    private record Pause(int fromMillis, int toMillis) {
        Duration draw(Random random) {
            return Duration.ofMillis(fromMillis + random.nextInt(toMillis - fromMillis));
        }
    }
}
