package io.giftorders.payment;

import io.giftorders.database.DatabaseFailure;
import io.giftorders.database.Transactions;
import io.giftorders.payment.Discrepancies.Finding;
import io.giftorders.payment.Discrepancies.Kind;
import io.giftorders.payment.alipay.Alipay;
import io.giftorders.payment.alipay.AlipayUnavailable;
import io.giftorders.payment.alipay.RefundAnswer;
import io.giftorders.payment.alipay.RefundRequest;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Sends refunds to Alipay until it confirms them, always with the same number and amount, so that however often one is sent
 * the money goes back once. An answer that is lost is asked for.
 */
@Component
class RefundSending {

    private static final Logger log = LoggerFactory.getLogger(RefundSending.class);

    /** Refunds that are sent at once. Chosen: a quarter of payment's threads. */
    private static final int AT_ONCE = 8;

    /** How long an instance has a refund for itself. Chosen: longer than two calls take at the most; then another may send it. */
    private static final Duration LEASE = Duration.ofMinutes(3);

    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final Transactions transactions;
    private final RefundBooks refunds;
    private final Discrepancies discrepancies;
    private final Alipay alipay;
    private final PaymentProperties properties;
    private final PaymentMetrics metrics;

    RefundSending(
            Transactions lifecycleTransactions,
            RefundBooks refunds,
            Discrepancies discrepancies,
            Alipay alipay,
            PaymentProperties properties,
            PaymentMetrics metrics) {
        this.transactions = lifecycleTransactions;
        this.refunds = refunds;
        this.discrepancies = discrepancies;
        this.alipay = alipay;
        this.properties = properties;
        this.metrics = metrics;
    }

    /** Sends some that are due, and says whether there may be more. */
    Mono<Boolean> sendSome() {
        return transactions
                .run(() -> refunds.claim(AT_ONCE, LEASE))
                .delayUntil(due -> Flux.fromIterable(due).flatMap(this::send, AT_ONCE))
                .map(due -> due.size() == AT_ONCE);
    }

    private Mono<Void> send(Refund refund) {
        return alipay.refund(new RefundRequest(
                        refund.tradeNo(), refund.outRequestNo(), refund.amount(), reason(refund.cause())))
                .flatMap(answer ->
                        answer.state() == RefundAnswer.State.DONE ? Mono.just(answer) : askInstead(refund, answer))
                .onErrorResume(AlipayUnavailable.class, lost -> askAfter(refund, lost))
                .flatMap(answer -> conclude(refund, answer))
                .onErrorResume(failure -> cannotTell(refund, failure));
    }

    /** A repeated refund and one that is refused may both have gone through long ago. */
    private Mono<RefundAnswer> askInstead(Refund refund, RefundAnswer said) {
        return alipay.refundState(refund.tradeNo(), refund.outRequestNo())
                .map(state -> state.state() == RefundAnswer.State.DONE ? state : said);
    }

    /** The money may have moved although no answer came. That it has not is no answer so soon: the refund is sent again. */
    private Mono<RefundAnswer> askAfter(Refund refund, AlipayUnavailable lost) {
        if (lost.nothingWasSent()) {
            return Mono.error(lost);
        }
        return alipay.refundState(refund.tradeNo(), refund.outRequestNo())
                .filter(state -> state.state() == RefundAnswer.State.DONE)
                .switchIfEmpty(Mono.error(() -> lost));
    }

    private Mono<Void> conclude(Refund refund, RefundAnswer answer) {
        return switch (answer.state()) {
            case DONE -> confirm(refund, answer);
            case NOT_DONE -> putOff(refund, pause(refund));
            case REFUSED ->
                discrepancies
                        .recordAlone(finding(
                                refund, Kind.REFUND_REFUSED, "Alipay refuses the refund: " + answer.subCode() + "."))
                        .then(Mono.defer(() -> putOff(refund, pause(refund))));
        };
    }

    private Mono<Void> confirm(Refund refund, RefundAnswer answer) {
        boolean asAsked = answer.amount() == null || answer.amount().compareTo(refund.amount()) == 0;
        Mono<Void> finding = asAsked
                ? Mono.empty()
                : discrepancies.record(finding(
                        refund,
                        Kind.WRONG_REFUND_AMOUNT,
                        "Asked to pay back " + refund.amount() + ", Alipay paid " + answer.amount() + "."));
        return transactions
                .run(() -> refunds.confirm(refund).delayUntil(rows -> finding))
                .filter(rows -> rows == 1)
                .doOnNext(rows -> metrics.refundConfirmed(refund.cause()))
                .then();
    }

    private Mono<Void> cannotTell(Refund refund, Throwable failure) {
        log.atWarn()
                .addKeyValue("order", refund.orderCode())
                .addKeyValue("attempts", refund.attempts() + 1)
                .addKeyValue("cause", DatabaseFailure.summary(failure))
                .log("refund is not confirmed, sending it again later");
        return putOff(refund, pause(refund))
                .onErrorResume(away -> DatabaseFailure.of(away).isTemporary(), away -> Mono.empty());
    }

    private Mono<Void> putOff(Refund refund, Duration pause) {
        return transactions.run(() -> refunds.putOff(refund, pause));
    }

    /** Twice as long each time, up to an hour. */
    private Duration pause(Refund refund) {
        Duration pause = properties.refundRetryAfter().multipliedBy(1L << Math.min(refund.attempts(), 12));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    private static Finding finding(Refund refund, Kind kind, String detail) {
        return new Finding(
                kind, refund.tradeNo() + "/" + refund.outRequestNo(), refund.orderCode(), refund.tradeNo(), detail);
    }

    private static String reason(Refund.Cause cause) {
        return switch (cause) {
            case OPERATOR -> "Refund";
            case LATE -> "Paid after the order closed";
            case DOUBLE -> "Paid twice";
        };
    }
}
