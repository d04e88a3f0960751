package io.giftorders.payment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.giftorders.order.Order;
import io.giftorders.order.OrderNotFound;
import io.giftorders.order.lifecycle.StatusForbids;
import io.giftorders.order.lifecycle.Transitions;
import io.giftorders.payment.alipay.Alipay;
import io.giftorders.payment.alipay.PayRequest;
import io.giftorders.problem.Detail;
import io.giftorders.problem.Refusal;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Gives buyers the way to Alipay's cashier. */
@Component
class PayLinks {

    /** Chosen: a signature takes most of a millisecond, and impatient people click again. */
    private static final Duration REUSED_FOR = Duration.ofSeconds(10);

    private static final int REUSED_LINKS = 10_000;

    private final Transitions transitions;
    private final Alipay alipay;
    private final PaymentProperties properties;
    private final Map<Click, Mono<PayLink>> underWay = new ConcurrentHashMap<>();
    private final Cache<Long, URI> links = Caffeine.newBuilder()
            .expireAfterWrite(REUSED_FOR)
            .maximumSize(REUSED_LINKS)
            .build();

    PayLinks(@Qualifier("buyerTransitions") Transitions transitions, Alipay alipay, PaymentProperties properties) {
        this.transitions = transitions;
        this.alipay = alipay;
        this.properties = properties;
    }

    /**
     * A link to pay an order with. That somebody may be paying is committed before the link is made, so that the order
     * does not close without asking.
     *
     * @return the link; fails with {@link OrderNotFound}, with {@link StatusForbids} where the order is paid, and with
     *     {@link TooLateToPay} where it closes or has closed
     */
    Mono<PayLink> link(long uid, long orderCode) {
        return Mono.defer(() -> underWay.computeIfAbsent(new Click(uid, orderCode), this::answer));
    }

    private record Click(long uid, long orderCode) {}

    /** Clicks that come meanwhile get the same answer: one buyer cannot take every connection that buyers share. */
    private Mono<PayLink> answer(Click click) {
        return transitions
                .run(() -> payable(click.uid(), click.orderCode()))
                .flatMap(this::sign)
                .doFinally(done -> underWay.remove(click))
                .cache();
    }

    record PayLink(URI url, Order order) {}

    private Mono<Order> payable(long uid, long orderCode) {
        return transitions
                .lock(orderCode)
                .filter(order -> order.uid() == uid)
                .switchIfEmpty(Mono.error(() -> new OrderNotFound(orderCode)))
                .flatMap(order -> switch (order.status()) {
                    case AWAITING_PAYMENT -> expectPayment(order);
                    case CLOSED -> Mono.<Order>error(() -> new TooLateToPay(order));
                    case AWAITING_SHIPMENT, AWAITING_RECEIPT, COMPLETED, REFUNDED ->
                        Mono.<Order>error(() -> new StatusForbids(order, Detail.of("order-status.paid")));
                });
    }

    private Mono<Order> expectPayment(Order order) {
        return transitions
                .expectPayment(order.orderCode(), properties.minTime())
                .flatMap(may -> may ? Mono.just(order) : Mono.error(() -> new TooLateToPay(order)));
    }

    /** The subject never changes, since Alipay refuses another one for the same order (ACQ.CONTEXT_INCONSISTENT). */
    private Mono<PayLink> sign(Order order) {
        URI known = links.getIfPresent(order.orderCode());
        if (known != null) {
            return Mono.just(new PayLink(known, order));
        }
        PayRequest request = new PayRequest(
                OrderNumbers.outTradeNo(order.orderCode()),
                order.totalAmount(),
                "Gift order " + order.orderCode(),
                order.expiresAt());
        return alipay.payLink(request)
                .doOnNext(url -> links.put(order.orderCode(), url))
                .map(url -> new PayLink(url, order));
    }

    /** 409: the order has closed, closes, or will before the buyer could pay. */
    static final class TooLateToPay extends Refusal {
        TooLateToPay(Order order) {
            super(HttpStatus.CONFLICT, "too-late-to-pay", Detail.of("too-late-to-pay", order.orderCode()));
            fact("order_code", Long.toString(order.orderCode()));
            fact("expires_at", order.expiresAt());
            fact("closing_at", order.closingAt());
        }
    }
}
