package io.giftorders.payment.alipay;

import io.giftorders.problem.Refusal;
import io.giftorders.trace.Spans;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * One kind of blocking work: its threads, its queue, how long it may take all in all. What goes wrong becomes a refusal on
 * the worker's thread already: the SDK's messages have keys and whole requests in them and must not get any further.
 */
final class Work implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Alipay.class);

    /** A series each for every method and outcome. Chosen: from what RSA takes to what a call may take. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final Scheduler workers;
    private final Duration patience;
    private final MeterRegistry registry;
    private final Spans spans;

    /** @param patience from the request to the result, the wait for a thread included */
    Work(Scheduler workers, Duration patience, MeterRegistry registry, Spans spans) {
        this.workers = workers;
        this.patience = patience;
        this.registry = registry;
        this.spans = spans;
    }

    /**
     * Runs when subscribed to.
     *
     * @param method what the metric and the log call it
     * @param work its null is an empty Mono
     */
    <T> Mono<T> run(String method, Callable<@Nullable T> work) {
        return spans.around("alipay " + method, measured(method, work));
    }

    private <T> Mono<T> measured(String method, Callable<@Nullable T> work) {
        return Mono.defer(() -> {
            Timer.Sample sample = Timer.start(registry);
            return Mono.fromCallable(() -> attempt(method, work))
                    .subscribeOn(workers)
                    .flatMap(result -> result)
                    .timeout(patience)
                    .onErrorMap(TimeoutException.class, late -> AlipayUnavailable.unknown())
                    .onErrorMap(RejectedExecutionException.class, full -> AlipayUnavailable.busy())
                    .doOnSuccess(done -> record(sample, method, "ok"))
                    .doOnError(failure -> record(sample, method, outcome(failure)))
                    .doOnCancel(() -> record(sample, method, "cancelled"));
        });
    }

    @Override
    public void close() {
        workers.dispose();
    }

    /** Never throws, so nothing is left over when the caller has gone. */
    private static <T> Mono<T> attempt(String method, Callable<@Nullable T> work) {
        try {
            return Mono.justOrEmpty(work.call());
        } catch (Refusal refusal) {
            return Mono.error(refusal);
        } catch (Exception | StackOverflowError failure) { // the SDK reads JSON recursively, however deep
            log.atWarn()
                    .addKeyValue("method", method)
                    .addKeyValue("cause", cause(failure))
                    .log("no certain answer from Alipay");
            return Mono.error(AlipayUnavailable.unknown());
        }
    }

    /** Our own words, or else the innermost class: never a message of the SDK. */
    private static String cause(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null) {
            innermost = innermost.getCause();
        }
        return innermost instanceof UnexpectedAnswer
                ? String.valueOf(innermost.getMessage())
                : innermost.getClass().getSimpleName();
    }

    private static String outcome(Throwable failure) {
        return failure instanceof Refusal refusal ? refusal.name() : "failed";
    }

    private void record(Timer.Sample sample, String method, String outcome) {
        sample.stop(Timer.builder("gift.orders.alipay.calls")
                .description("Calls to Alipay, signatures and checks, the wait for a thread included")
                .tags("method", method, "outcome", outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry));
    }
}
