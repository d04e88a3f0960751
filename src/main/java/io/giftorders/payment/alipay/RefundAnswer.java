package io.giftorders.payment.alipay;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What Alipay says of one refund.
 *
 * @param amount yuan that this refund gave back; null unless it is done
 * @param subCode Alipay's reason, such as {@code ACQ.TRADE_HAS_FINISHED}; null where it gives none
 */
public record RefundAnswer(
        State state, @Nullable BigDecimal amount, @Nullable String subCode) {

    /** How far the refund is. */
    public enum State {
        /** The money moved. */
        DONE,
        /** Not known to have moved: repeat the same request, or ask. */
        NOT_DONE,
        /** Alipay will not do it, however often it is asked. */
        REFUSED
    }
}
