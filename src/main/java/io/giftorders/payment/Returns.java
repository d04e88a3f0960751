package io.giftorders.payment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.giftorders.order.Order;
import io.giftorders.order.OrderStatus;
import io.giftorders.order.Orders;
import io.giftorders.payment.alipay.Account;
import io.giftorders.payment.alipay.Alipay;
import io.giftorders.payment.alipay.NotFromAlipay;
import io.giftorders.payment.alipay.Return;
import io.giftorders.problem.Detail;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;
import reactor.core.publisher.Mono;

/**
 * Receives buyers who come back from Alipay. That they come back proves nothing, so Alipay is asked at once; what it says
 * settles the order, often before the notify comes.
 */
@Component
class Returns {

    private static final Logger log = LoggerFactory.getLogger(Returns.class);

    private static final int REMEMBERED_ORDERS = 10_000;

    private final Alipay alipay;
    private final TradeWatch watch;
    private final Orders orders;
    private final String orderPage;
    private final Cache<Long, Boolean> askedLately;

    Returns(Alipay alipay, TradeWatch watch, Orders orders, PaymentProperties properties) {
        this.alipay = alipay;
        this.watch = watch;
        this.orders = orders;
        this.orderPage = properties.orderPage();
        this.askedLately = Caffeine.newBuilder()
                .expireAfterWrite(properties.returnCheckEvery())
                .maximumSize(REMEMBERED_ORDERS)
                .build();
    }

    /**
     * Takes a buyer back.
     *
     * @param query the request's query string as it came
     * @return the page of the order; fails with {@link NotFromAlipay} where the signature is not Alipay's or there is no
     *     such order
     */
    Mono<URI> take(String query) {
        return alipay.returned(query)
                .filter(this::isOurs)
                .flatMap(comesBack -> orders.withCode(OrderNumbers.orderCode(comesBack.outTradeNo())))
                .switchIfEmpty(Mono.error(() -> new NotFromAlipay(Detail.of("not-from-alipay.no-order"))))
                .delayUntil(this::askWhetherPaid)
                .map(this::page);
    }

    private boolean isOurs(Return comesBack) {
        Account ours = alipay.account();
        return ours.appId().equals(comesBack.appId()) && ours.sellerId().equals(comesBack.sellerId());
    }

    /** The URL can be called as often as one likes, and each question costs a call: one in a while is enough. */
    private Mono<Void> askWhetherPaid(Order order) {
        boolean mayBeNews = order.status() == OrderStatus.AWAITING_PAYMENT || order.status() == OrderStatus.CLOSED;
        boolean askedJustNow = mayBeNews && askedLately.asMap().putIfAbsent(order.orderCode(), Boolean.TRUE) != null;
        return mayBeNews && !askedJustNow
                ? watch.check(order)
                        .onErrorResume(failure -> cannotTell(order, failure))
                        .then()
                : Mono.empty();
    }

    /** The buyer sees the order as it stands; the notify, or a later question, settles it. */
    private static <T> Mono<T> cannotTell(Order order, Throwable failure) {
        log.atWarn()
                .addKeyValue("order", order.orderCode())
                .addKeyValue("cause", failure.getClass().getSimpleName())
                .log("payment cannot be asked about on return");
        return Mono.empty();
    }

    private URI page(Order order) {
        return UriComponentsBuilder.fromUriString(orderPage)
                .buildAndExpand(order.orderCode())
                .toUri();
    }
}
