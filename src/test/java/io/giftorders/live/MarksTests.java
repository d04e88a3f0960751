package io.giftorders.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class MarksTests {

    private static final int WRITERS = 3;
    private static final int CHANGES = 2_000;

    private final Marks marks = new Marks() {};

    /** Each writer waits until a reader has seen its change before it makes the next: one that is missed holds it up for ever. */
    @Test
    void noChangeIsMissedWhileMarksAreTaken() {
        AtomicLongArray values = new AtomicLongArray(WRITERS);
        AtomicLongArray seen = new AtomicLongArray(WRITERS);
        marks.watch(id -> true, () -> {});
        Scheduler threads = Schedulers.newBoundedElastic(WRITERS + 1, 1, "marks");
        try {
            Mono<Void> reader = Mono.<Void>fromRunnable(() -> {
                        while (!Thread.currentThread().isInterrupted()) {
                            marks.take().forEach(id -> seen.set(id.intValue(), values.get(id.intValue())));
                            LockSupport.parkNanos(1_000);
                        }
                    })
                    .subscribeOn(threads);
            Flux.range(0, WRITERS)
                    .flatMap(id ->
                            Mono.fromRunnable(() -> write(id, values, seen)).subscribeOn(threads))
                    .then()
                    .timeout(Duration.ofMinutes(1))
                    .takeUntilOther(reader)
                    .block();
        } finally {
            threads.dispose();
        }

        for (int id = 0; id < WRITERS; id++) {
            assertThat(seen.get(id)).isEqualTo(CHANGES);
        }
    }

    private void write(int id, AtomicLongArray values, AtomicLongArray seen) {
        for (long change = 1; change <= CHANGES; change++) {
            values.set(id, change);
            marks.mark(List.of((long) id));
            while (seen.get(id) < change && !Thread.currentThread().isInterrupted()) {
                LockSupport.parkNanos(1_000);
            }
        }
    }

    @Test
    void whatNobodyWantsIsNotMarked() {
        marks.mark(List.of(1L));
        assertThat(marks.take()).isEmpty();

        marks.watch(id -> id > 1, () -> {});
        marks.mark(List.of(1L, 2L, 2L));
        assertThat(marks.take()).containsExactly(2L);
        assertThat(marks.take()).isEmpty();
    }
}
