package io.giftorders.payment.alipay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.trace.Spans;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A whole payment, with an Alipay that nothing here had a hand in. */
class LocalAlipayPaymentTests {

    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final BigDecimal AMOUNT = new BigDecimal("88.80");

    @Test
    void aPaymentIsMadeToldAskedForAndRefunded() {
        LocalAlipay local = LocalAlipay.shared();
        String number = "payment_" + System.nanoTime();
        try (Alipay alipay = new Alipay(
                GatewayStub.properties(
                        local.gateway(),
                        "app-id=" + local.appId(),
                        "seller-id=" + local.sellerId(),
                        "public-url=http://127.0.0.1:1",
                        "keys=" + local.keys()),
                new SimpleMeterRegistry(),
                Spans.NONE)) {
            URI link = alipay.payLink(new PayRequest(
                            number, AMOUNT, "绿茶 \"green\"", Instant.now().plusSeconds(900)))
                    .block(WAIT);
            assertThat(local.open(link.toString())).isEqualTo(number);
            assertThat(alipay.query(number).block(WAIT).state()).isEqualTo(TradeState.NONE);
            assertThat(alipay.close(number).block(WAIT)).isEqualTo(CloseResult.NO_SUCH_TRADE);

            URI back = URI.create(local.pay(number));

            Trade trade = alipay.query(number).block(WAIT);
            assertThat(trade.state()).isEqualTo(TradeState.PAID);
            assertThat(trade.totalAmount()).isEqualByComparingTo(AMOUNT);
            assertThat(alipay.close(number).block(WAIT)).isEqualTo(CloseResult.NOT_WAITING);
            assertThat(alipay.returned(back.getRawQuery()).block(WAIT).tradeNo())
                    .isEqualTo(trade.tradeNo());
            byte[] form = LocalAlipay.form(local.notifyParameters(number)).getBytes(US_ASCII);
            Notice notice = alipay.notice(form).block(WAIT);
            assertThat(notice.trade().state()).isEqualTo(TradeState.PAID);
            assertThat(notice.refund()).isFalse();
            assertThat(new Account(notice.appId(), notice.sellerId())).isEqualTo(alipay.account());

            RefundRequest refund = new RefundRequest(trade.tradeNo(), number + "_R", AMOUNT, "sold out");
            assertThat(alipay.refund(refund).block(WAIT).state()).isEqualTo(RefundAnswer.State.DONE);
            assertThat(alipay.refund(refund).block(WAIT).state()).isEqualTo(RefundAnswer.State.NOT_DONE);
            assertThat(alipay.refundState(trade.tradeNo(), refund.outRequestNo())
                            .block(WAIT))
                    .isEqualTo(new RefundAnswer(RefundAnswer.State.DONE, AMOUNT, null));
            assertThat(alipay.query(number).block(WAIT).state()).isEqualTo(TradeState.CLOSED);
        }
    }
}
