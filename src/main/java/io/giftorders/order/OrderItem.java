package io.giftorders.order;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;

/**
 * A line of an order.
 *
 * @param goodsId the gift
 * @param counts pieces
 * @param price of one piece when it was sold, yuan with two places
 * @param returned pieces that are in the stock again
 * @param refunded pieces whose price is paid back
 */
public record OrderItem(
        long goodsId,
        int counts,
        @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal price,
        @JsonIgnore int returned,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) int refunded) {

    /** A line of a new order. */
    public OrderItem(long goodsId, int counts, BigDecimal price) {
        this(goodsId, counts, price, 0, 0);
    }

    /** Yuan with two places. */
    public BigDecimal amount() {
        return price.multiply(BigDecimal.valueOf(counts));
    }
}
