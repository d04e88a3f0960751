package io.giftorders.payment;

import io.giftorders.order.Order;
import io.giftorders.order.lifecycle.Payments;
import io.giftorders.payment.alipay.Alipay;
import io.giftorders.payment.alipay.Trade;
import io.giftorders.payment.alipay.TradeState;
import java.time.Clock;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Asks Alipay what became of an order's trade, settles it where somebody paid, and ends it where nobody shall any more. */
@Component
class TradeWatch implements Payments {

    private final Alipay alipay;
    private final Settlement settlement;
    private final PaymentProperties properties;
    private final Clock clock = Clock.systemUTC();

    TradeWatch(Alipay alipay, Settlement settlement, PaymentProperties properties) {
        this.alipay = alipay;
        this.settlement = settlement;
        this.properties = properties;
    }

    @Override
    public Mono<State> check(Order order) {
        return query(order).flatMap(trade -> conclude(trade, false));
    }

    /**
     * Query, close, query: whatever close says, only what Alipay says of the trade afterwards counts. A buyer may pay up to
     * the last moment, and a trade that nobody has logged in to yet cannot be closed at all. Whether the order's time is over
     * is looked up before Alipay is asked: its answer may be older than the moment it comes.
     */
    @Override
    public Mono<State> end(Order order) {
        return Mono.defer(() -> end(order, isOver(order)));
    }

    private Mono<State> end(Order order, boolean over) {
        return query(order)
                .flatMap(trade -> trade.state() == TradeState.WAITING
                        ? alipay.close(trade.outTradeNo()).then(Mono.defer(() -> query(order)))
                        : Mono.just(trade))
                .flatMap(trade -> conclude(trade, over));
    }

    private Mono<Trade> query(Order order) {
        return alipay.query(OrderNumbers.outTradeNo(order.orderCode()));
    }

    private Mono<State> conclude(Trade trade, boolean over) {
        return switch (trade.state()) {
            case PAID, FINISHED -> settle(trade);
            // a closed trade is never opened again (ACQ.TRADE_HAS_CLOSE)
            case CLOSED -> Mono.just(State.UNPAID);
            case WAITING -> Mono.just(State.OPEN);
            case NONE -> Mono.just(over ? State.UNPAID : State.UNTOUCHED);
        };
    }

    /** Until then somebody may log in to a cashier page that is open since before; Alipay keeps to {@code time_expire}. */
    private boolean isOver(Order order) {
        return order.expiresAt().plus(properties.clockSkew()).isBefore(clock.instant());
    }

    /** A trade that does not fit is the operator's: the order neither settles nor closes by itself. */
    private Mono<State> settle(Trade trade) {
        return settlement
                .settle(trade)
                .map(outcome -> outcome == Settlement.Outcome.MISMATCH ? State.OPEN : State.PAID);
    }
}
