package io.giftorders.payment;

import io.giftorders.database.Shield;
import io.giftorders.order.lifecycle.Transitions;
import io.giftorders.payment.Discrepancies.Finding;
import io.giftorders.payment.Discrepancies.Kind;
import io.giftorders.payment.alipay.Account;
import io.giftorders.payment.alipay.Alipay;
import io.giftorders.payment.alipay.Notice;
import io.giftorders.payment.alipay.Trade;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Acts on what Alipay tells of its own accord. Each may come twice, late, in another order, or never. */
@Component
class Notices {

    private final Alipay alipay;
    private final Settlement settlement;
    private final Transitions transitions;
    private final RefundBooks refunds;
    private final Discrepancies discrepancies;

    Notices(
            Alipay alipay,
            Settlement settlement,
            Transitions transitions,
            RefundBooks refunds,
            Discrepancies discrepancies) {
        this.alipay = alipay;
        this.settlement = settlement;
        this.transitions = transitions;
        this.refunds = refunds;
        this.discrepancies = discrepancies;
    }

    /**
     * Takes a notice in.
     *
     * @param form the request's body, byte for byte
     * @return empty once it need not come again: what follows from it, or that it does not fit, is committed. Fails with
     *     {@link io.giftorders.payment.alipay.NotFromAlipay} where the signature is not Alipay's, and with
     *     {@link io.giftorders.problem.Unavailable} where it should come again
     */
    Mono<Void> take(byte[] form) {
        return alipay.notice(form).flatMap(this::act);
    }

    private Mono<Void> act(Notice notice) {
        Account ours = alipay.account();
        if (!ours.appId().equals(notice.appId())) {
            return notOurs(notice, Kind.WRONG_APP, "The notify is for app " + notice.appId() + ".");
        }
        if (!ours.sellerId().equals(notice.sellerId())) {
            return notOurs(notice, Kind.WRONG_SELLER, "The notify is for seller " + notice.sellerId() + ".");
        }
        if (notice.refund()) {
            return aboutRefund(notice);
        }
        return switch (notice.trade().state()) {
            case PAID, FINISHED -> settlement.settle(notice.trade()).then();
            case CLOSED -> lookNow(notice.trade());
            case WAITING, NONE -> Mono.empty();
        };
    }

    /** Sent again it would not fit any better: the operator has to look. */
    private Mono<Void> notOurs(Notice notice, Kind kind, String detail) {
        Trade trade = notice.trade();
        return discrepancies
                .recordAlone(
                        new Finding(kind, trade.outTradeNo() + "/" + trade.tradeNo(), null, trade.tradeNo(), detail))
                .as(Shield::around);
    }

    /** A trade that ended unpaid: the order may close. What is said of it is asked for, as for every closing. */
    private Mono<Void> lookNow(Trade trade) {
        return transitions
                .run(() -> transitions.lookNow(OrderNumbers.orderCode(trade.outTradeNo())))
                .as(Shield::around);
    }

    /**
     * Money went back, which is no payment, whatever status the trade has. A refund of ours is asked about at once; one
     * that is not ours is the operator's. Where no number comes with it, the bill tells which one it was.
     */
    private Mono<Void> aboutRefund(Notice notice) {
        long orderCode = OrderNumbers.orderCode(notice.trade().outTradeNo());
        return transitions
                .run(() -> aboutRefund(notice.trade(), notice.refundRequestNo(), orderCode)
                        .then(Mono.defer(() -> transitions.lookNow(orderCode))))
                .as(Shield::around);
    }

    private Mono<Void> aboutRefund(Trade trade, @Nullable String number, long orderCode) {
        String tradeNo = trade.tradeNo();
        if (number == null || tradeNo == null) {
            return Mono.empty();
        }
        Finding unknown = new Finding(
                Kind.UNKNOWN_REFUND,
                tradeNo + "/" + number,
                orderCode < 0 ? null : orderCode,
                tradeNo,
                "Alipay tells of refund " + number + ", which was not asked for here.");
        return refunds.find(tradeNo, number)
                .flatMap(refund -> refunds.putOff(refund, Duration.ZERO).thenReturn(true))
                .defaultIfEmpty(false)
                .flatMap(known -> known ? Mono.empty() : discrepancies.record(unknown));
    }
}
