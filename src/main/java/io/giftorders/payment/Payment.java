package io.giftorders.payment;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import io.giftorders.payment.alipay.Trade;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Objects;

/**
 * A trade that Alipay said is paid.
 *
 * @param totalAmount yuan
 * @param paidAt by Alipay's clock
 */
record Payment(
        String tradeNo,
        @JsonIgnore long orderCode,
        @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal totalAmount,
        Instant paidAt) {

    /**
     * The payment that a trade is.
     *
     * @param trade with a number and an amount; where Alipay does not say when it was paid, it was now
     */
    static Payment of(long orderCode, Trade trade) {
        return new Payment(
                Objects.requireNonNull(trade.tradeNo()),
                orderCode,
                Objects.requireNonNull(trade.totalAmount()),
                Objects.requireNonNullElseGet(trade.paidAt(), Instant::now));
    }
}
