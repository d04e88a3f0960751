package io.giftorders.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

class NoBlockingTests {

    @Test
    void aBlockedEventLoopFailsTheTest() {
        LoopResources loops = LoopResources.create("test", 1, true);
        try {
            Mono.fromRunnable(NoBlockingTests::block)
                    .subscribeOn(Schedulers.fromExecutor(loops.onServer(true)))
                    .as(StepVerifier::create)
                    .expectErrorSatisfies(failure ->
                            assertThat(Exceptions.unwrap(failure)).isInstanceOf(BlockingOperationError.class))
                    .verify(Duration.ofSeconds(10));
        } finally {
            loops.disposeLater().block();
        }
    }

    private static void block() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
