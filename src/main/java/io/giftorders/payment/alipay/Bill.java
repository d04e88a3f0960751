package io.giftorders.payment.alipay;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Alipay's account of a day: every payment and refund. */
public record Bill(List<Line> lines) {

    public Bill {
        lines = List.copyOf(lines);
    }

    /**
     * One movement of money.
     *
     * @param amount yuan, positive for refunds too
     * @param outRequestNo the shop's number of the refund; null for a payment
     */
    public record Line(
            Kind kind,
            String tradeNo,
            String outTradeNo,
            BigDecimal amount,
            @Nullable String outRequestNo) {}

    /** Which way the money went. */
    public enum Kind {
        PAYMENT,
        REFUND
    }
}
