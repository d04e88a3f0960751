package io.giftorders.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.giftorders.shop.Shop;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import reactor.core.publisher.Mono;

/** Without a setting for traces there is nothing of them in the service. */
class NoTracesTests {

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = Shop.open();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {Tracer.class, OpenTelemetry.class, SdkTracerProvider.class, TraceConfiguration.class})
    void nothingOfThemIsMade(Class<?> part) {
        assertThatThrownBy(() -> shop.bean(part)).isInstanceOf(NoSuchBeanDefinitionException.class);
    }

    @Test
    void aPieceOfWorkStaysWhatItIs() {
        Mono<String> work = Mono.just("work");

        assertThat(shop.bean(Spans.class).around("work", work)).isSameAs(work);
    }

    @Test
    void requestsAreWatchedForTheirMetricsAlone() {
        assertThat(shop.bean(ObservationRegistry.class).observationConfig())
                .extracting("observationHandlers")
                .asInstanceOf(InstanceOfAssertFactories.COLLECTION)
                .isNotEmpty()
                .allSatisfy(handler ->
                        assertThat(String.valueOf(handler.getClass())).doesNotContain("tracing"));
    }
}
