package io.giftorders.payment.alipay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** How much of it is done at once, and what becomes of the rest. */
class WorkTests {

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String TRADE = "{\"code\":\"10000\",\"out_trade_no\":\"o1\",\"trade_no\":\"t1\","
            + "\"total_amount\":\"88.80\",\"trade_status\":\"TRADE_SUCCESS\"}";

    private final GatewayStub gateway = new GatewayStub();
    private final CountDownLatch answered = new CountDownLatch(1);

    @AfterEach
    void close() {
        answered.countDown();
        gateway.close();
    }

    /** One under way, one waiting; nothing of the third is sent. */
    @Test
    void aCallTooManyIsRefusedAtOnce() throws Exception {
        CountDownLatch underWay = new CountDownLatch(1);
        gateway.answers(request -> {
            underWay.countDown();
            await();
            return TestKeys.answer(request.get("method"), TRADE);
        });
        Alipay alipay = gateway.alipay("threads=1", "max-waiting=1");
        List<Mono<Trade>> calls = new ArrayList<>();
        calls.add(started(alipay.query("o1")));
        // until a thread has taken it, the first call is in the queue itself
        assertThat(underWay.await(WAIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        calls.add(started(alipay.query("o1")));

        Throwable failure = catchThrowable(() -> alipay.query("o1").block(WAIT));

        assertThat(failure).isInstanceOf(AlipayUnavailable.class);
        assertThat(((AlipayUnavailable) failure).name()).isEqualTo("alipay-busy");
        answered.countDown();
        calls.forEach(call -> assertThat(call.block(WAIT).state()).isEqualTo(TradeState.PAID));
        assertThat(gateway.requests()).hasSize(2);
    }

    @Test
    void aGatewayThatHangsKeepsNobodyFromVerifyingAndSigning() {
        gateway.answers(request -> {
            await();
            return "";
        });
        Alipay alipay = gateway.alipay("threads=1", "max-waiting=1");
        Mono<Trade> hanging = started(alipay.query("o1"));

        byte[] form = TestKeys.form(NoticeTests.payment()).getBytes(US_ASCII);
        assertThat(alipay.notice(form).block(WAIT)).isNotNull();
        assertThat(alipay.payLink(new PayRequest("o1", BigDecimal.TEN, "Tea", Instant.now()))
                        .block(WAIT))
                .isNotNull();

        answered.countDown();
        assertThatThrownBy(() -> hanging.block(WAIT)).isInstanceOf(AlipayUnavailable.class);
    }

    @Test
    void aCallThatHangsIsGivenUpAndItsThreadIsFree() {
        gateway.answers(request -> {
            await();
            return "";
        });
        Alipay alipay = gateway.alipay("threads=1", "max-waiting=1", "timeout=1s");

        assertThatThrownBy(() -> alipay.query("o1").block(WAIT)).isInstanceOf(AlipayUnavailable.class);

        gateway.answersSigned(TRADE);
        assertThat(alipay.query("o1").block(WAIT).state()).isEqualTo(TradeState.PAID);
    }

    @Test
    void nothingRunsOnTheThreadThatAsks() {
        gateway.answersSigned(TRADE);
        Alipay alipay = gateway.alipay();

        // BlockHound ends whatever blocks a thread of this scheduler
        Trade trade = Mono.defer(() -> alipay.query("o1"))
                .subscribeOn(Schedulers.parallel())
                .block(WAIT);

        assertThat(trade.state()).isEqualTo(TradeState.PAID);
    }

    @Test
    void callsAreTimedByMethodAndOutcome() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Alipay alipay = gateway.alipay(registry);
        gateway.answersSigned(TRADE);
        assertThat(alipay.query("o1").block(WAIT)).isNotNull();
        gateway.answers("");
        assertThatThrownBy(() -> alipay.query("o1").block(WAIT)).isInstanceOf(AlipayUnavailable.class);
        assertThatThrownBy(() -> alipay.notice(new byte[0]).block(WAIT)).isInstanceOf(NotFromAlipay.class);

        for (Map.Entry<String, String> call :
                Map.of("query", "ok", "notice", "not-from-alipay").entrySet()) {
            assertThat(count(registry, call.getKey(), call.getValue())).isEqualTo(1);
        }
        assertThat(count(registry, "query", "alipay-unavailable")).isEqualTo(1);
    }

    @Test
    void nothingHappensBeforeASubscription() {
        Alipay alipay = gateway.alipay();

        assertThat(alipay.query("o1")).isNotNull();

        assertThat(gateway.requests()).isEmpty();
    }

    private static long count(SimpleMeterRegistry registry, String method, String outcome) {
        return registry.get("gift.orders.alipay.calls")
                .tags("method", method, "outcome", outcome)
                .timer()
                .count();
    }

    private static <T> Mono<T> started(Mono<T> call) {
        Mono<T> shared = call.cache();
        shared.subscribe(done -> {}, failure -> {});
        return shared;
    }

    private void await() {
        try {
            assertThat(answered.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
