package io.giftorders.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OrderCodesTests {

    private static final int MANY = 100_000;
    private static final Instant NOW = Instant.parse("2026-11-11T00:00:00Z");

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final Clock clock = ((InstantSource) time::get).withZone(ZoneOffset.UTC);
    private final OrderCodes codes = new OrderCodes(clock, 1);

    @Test
    void everyCodeIsLargerThanTheOneBefore() {
        long[] made = LongStream.generate(codes::next).limit(MANY).toArray();

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void codesMadeAtOnceAreAllDifferent() {
        Set<Long> made =
                IntStream.range(0, MANY).parallel().mapToObj(i -> codes.next()).collect(Collectors.toSet());

        assertThat(made).hasSize(MANY);
    }

    @Test
    void codesOfALaterMillisecondAreLargerOnEveryInstance() {
        OrderCodes another = new OrderCodes(clock, 1_023);
        long before = another.next();

        time.set(NOW.plusMillis(1));
        long after = codes.next();

        assertThat(after).isGreaterThan(before);
    }

    @Test
    void codesStayLargerWhenTheClockGoesBack() {
        long before = codes.next();

        time.set(NOW.minusSeconds(3_600));
        long[] after = LongStream.generate(codes::next).limit(10).toArray();

        assertThat(after).isSorted().doesNotHaveDuplicates();
        assertThat(after[0]).isGreaterThan(before);
    }

    @Test
    void twoInstancesNeverMakeTheSameCode() {
        OrderCodes another = new OrderCodes(clock, 2);
        Set<Long> made =
                LongStream.generate(codes::next).limit(MANY).boxed().collect(Collectors.toCollection(HashSet::new));

        long shared = LongStream.generate(another::next)
                .limit(MANY)
                .filter(code -> !made.add(code))
                .count();

        assertThat(shared).isZero();
    }

    @Test
    void theNumberOfAnInstanceNeverReachesIntoTheTime() {
        OrderCodes late = new OrderCodes(clock, 1_024L * 5 + 1);

        assertThat(late.next()).isEqualTo(new OrderCodes(clock, 1).next());
    }

    @Test
    void codesArePositiveUntil2093() {
        time.set(Instant.parse("2093-01-01T00:00:00Z"));

        assertThat(codes.next()).isPositive();
    }
}
