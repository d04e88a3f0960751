package io.giftorders.payment;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.math.BigDecimal;
import java.time.Instant;

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
        Instant paidAt) {}
