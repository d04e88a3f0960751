package io.giftorders.order.placement;

import io.giftorders.gift.Gift;
import io.giftorders.order.Cart;
import io.giftorders.order.IdempotencyKey;
import io.giftorders.problem.Detail;
import io.giftorders.problem.Refusal;
import io.giftorders.problem.Unavailable;
import java.math.BigDecimal;
import java.time.Duration;
import org.springframework.http.HttpStatus;

/** The ways an order is declined. */
final class Refusals {

    static final String OVERLOADED = "overloaded";

    private Refusals() {}

    /** 409: fewer pieces are left than the cart asks for. */
    static final class OutOfStock extends Refusal {
        OutOfStock(Cart.Line line, long available) {
            super(HttpStatus.CONFLICT, "out-of-stock", Detail.of("out-of-stock", line.giftId(), available));
            fact("goods_id", line.giftId());
            fact("requested", line.count());
            fact("available", available);
        }
    }

    /** 409: before or after the gift's sale window. */
    static final class NotOnSale extends Refusal {
        private NotOnSale(Gift gift, String name, Detail detail) {
            super(HttpStatus.CONFLICT, name, detail);
            fact("goods_id", gift.id());
            fact("sale_starts_at", gift.saleStartsAt());
            fact("sale_ends_at", gift.saleEndsAt());
        }

        static NotOnSale notYet(Gift gift) {
            return new NotOnSale(gift, "sale-not-started", Detail.of("sale-not-started", gift.id()));
        }

        static NotOnSale noMore(Gift gift) {
            return new NotOnSale(gift, "sale-ended", Detail.of("sale-ended", gift.id()));
        }
    }

    /** 409: the buyer would have more pieces than one buyer may. */
    static final class LimitReached extends Refusal {
        LimitReached(Cart.Line line, int limit, long alreadyBought) {
            super(HttpStatus.CONFLICT, "limit-per-user", Detail.of("limit-per-user", limit, line.giftId()));
            fact("goods_id", line.giftId());
            fact("requested", line.count());
            fact("limit_per_user", limit);
            fact("already_bought", alreadyBought);
        }
    }

    /** 422: more than one payment can be. */
    static final class TotalTooLarge extends Refusal {
        TotalTooLarge(BigDecimal total, BigDecimal max) {
            super(HttpStatus.UNPROCESSABLE_CONTENT, "total-too-large", Detail.of("total-too-large", max));
            fact("field", "body");
            fact("total_amount", total.toPlainString());
            fact("max_total_amount", max.toPlainString());
        }
    }

    /** 422: the key already names an order for another cart. */
    static final class KeyReused extends Refusal {
        KeyReused() {
            super(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "idempotency-key-reused",
                    Detail.of("idempotency-key-reused.cart", IdempotencyKey.HEADER));
            fact("field", IdempotencyKey.HEADER);
        }
    }

    /** 422: the database refuses this order's data, which the checks before should have caught. */
    static final class Unplaceable extends Refusal {
        Unplaceable() {
            super(HttpStatus.UNPROCESSABLE_CONTENT, "unplaceable", Detail.of("unplaceable"));
        }
    }

    /** 503: more orders wait than the shop can place before their deadline. Nothing was taken. */
    static Unavailable overloaded() {
        return new Unavailable(OVERLOADED, Detail.of("overloaded.orders"), Duration.ofSeconds(1));
    }

    /** 503: the order waited longer than its deadline. Nothing was taken. */
    static Unavailable waitedTooLong() {
        return new Unavailable("waited-too-long", Detail.of("waited-too-long"), Duration.ofSeconds(1));
    }

    /** 503: other transactions got in the way on every attempt. Nothing was taken. */
    static Unavailable contended() {
        return new Unavailable("contended", Detail.of("contended"), Duration.ofSeconds(1));
    }

    /** 503: the service stops. Nothing was taken. */
    static Unavailable stopping() {
        return new Unavailable("stopping", Detail.of("stopping"), Duration.ofSeconds(1));
    }

    /** 503: COMMIT was sent and the answer was lost. The order may stand. */
    static final class OutcomeUnknown extends Unavailable {
        OutcomeUnknown(long orderCode) {
            super("outcome-unknown", Detail.of("outcome-unknown.order", IdempotencyKey.HEADER), Duration.ofSeconds(5));
            fact("order_code", Long.toString(orderCode));
        }
    }
}
