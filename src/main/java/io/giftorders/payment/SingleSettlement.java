package io.giftorders.payment;

import io.giftorders.order.Order;
import io.giftorders.order.lifecycle.Transitions;
import io.giftorders.payment.Discrepancies.Finding;
import io.giftorders.payment.Discrepancies.Kind;
import io.giftorders.payment.Refund.Cause;
import io.giftorders.payment.Settlement.Outcome;
import io.giftorders.payment.alipay.Trade;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Settles one paid trade in a transaction of its own, whatever is the matter with it. */
@Component
class SingleSettlement {

    private final Transitions transitions;
    private final PaymentBooks payments;
    private final RefundBooks refunds;
    private final Discrepancies discrepancies;

    SingleSettlement(@Qualifier("settlementTransitions") Transitions transitions, PaymentMetrics metrics) {
        this.transitions = transitions;
        this.payments = new PaymentBooks(transitions.transactions().database());
        this.refunds = new RefundBooks(transitions.transactions().database());
        this.discrepancies = new Discrepancies(transitions.transactions(), metrics);
    }

    Mono<Outcome> settle(Trade trade) {
        return transitions.run(() -> transitions
                .lock(OrderNumbers.orderCode(trade.outTradeNo()))
                .flatMap(order -> settle(order, trade))
                .switchIfEmpty(Mono.defer(() -> mismatch(
                        trade, null, Kind.UNKNOWN_ORDER, "This shop has no order " + trade.outTradeNo() + "."))));
    }

    private Mono<Outcome> settle(Order order, Trade trade) {
        if (!Settlement.fits(trade, order.totalAmount())) {
            return mismatch(
                    trade,
                    order,
                    Kind.WRONG_AMOUNT,
                    "Order " + order.orderCode() + " comes to " + order.totalAmount() + ", the trade to "
                            + trade.totalAmount() + ".");
        }
        Payment payment = Payment.of(order.orderCode(), trade);
        return payments.withTradeNos(List.of(payment.tradeNo()))
                .flatMap(known -> known.isEmpty() ? book(order, payment) : known(order, trade, known.get(0)));
    }

    private Mono<Outcome> known(Order order, Trade trade, Payment known) {
        return known.orderCode() == order.orderCode()
                ? Mono.just(Outcome.KNOWN)
                : mismatch(
                        trade,
                        order,
                        Kind.TRADE_OF_ANOTHER_ORDER,
                        "The trade paid order " + known.orderCode() + " already.");
    }

    private Mono<Outcome> book(Order order, Payment payment) {
        return payments.insert(List.of(payment)).then(Mono.defer(() -> switch (order.status()) {
            case AWAITING_PAYMENT ->
                transitions.pay(Map.of(order.orderCode(), payment.paidAt())).thenReturn(Outcome.SETTLED);
            case CLOSED -> reviveOrPayBack(order, payment);
            case AWAITING_SHIPMENT, AWAITING_RECEIPT, COMPLETED, REFUNDED ->
                payBack(payment, Cause.DOUBLE).thenReturn(Outcome.DOUBLE);
        }));
    }

    private Mono<Outcome> reviveOrPayBack(Order closed, Payment payment) {
        return transitions
                .revive(closed, payment.paidAt())
                .flatMap(revived -> revived
                        ? Mono.just(Outcome.REVIVED)
                        : payBack(payment, Cause.LATE).thenReturn(Outcome.LATE));
    }

    /** One refund for the whole trade, under a number that is the same whoever makes it. */
    private Mono<Void> payBack(Payment payment, Cause cause) {
        return refunds.write(
                payment.orderCode() + "_" + cause.text(), payment, payment.totalAmount(), cause, null, null);
    }

    private Mono<Outcome> mismatch(Trade trade, @Nullable Order order, Kind kind, String detail) {
        Finding finding = new Finding(
                kind,
                trade.outTradeNo() + "/" + trade.tradeNo(),
                order == null ? null : order.orderCode(),
                trade.tradeNo(),
                detail);
        return discrepancies.record(finding).thenReturn(Outcome.MISMATCH);
    }
}
