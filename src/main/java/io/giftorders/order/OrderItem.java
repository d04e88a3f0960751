package io.giftorders.order;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;

/**
 * A line of an order.
 *
 * @param goodsId the gift
 * @param counts pieces
 * @param price of one piece when it was sold, yuan with two places
 */
public record OrderItem(
        long goodsId,
        int counts,
        @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal price) {

    /** Yuan with two places. */
    public BigDecimal amount() {
        return price.multiply(BigDecimal.valueOf(counts));
    }
}
