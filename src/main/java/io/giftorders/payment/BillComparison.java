package io.giftorders.payment;

import static io.giftorders.database.Columns.required;
import static java.util.concurrent.TimeUnit.MICROSECONDS;

import io.giftorders.database.Transactions;
import io.giftorders.order.Orders;
import io.giftorders.payment.Discrepancies.Finding;
import io.giftorders.payment.Discrepancies.Kind;
import io.giftorders.payment.alipay.Alipay;
import io.giftorders.payment.alipay.Bill;
import io.giftorders.payment.alipay.TradeState;
import io.giftorders.problem.Unavailable;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Compares each day's bill with these books: the last chance for a payment that nobody told of. What Alipay owes an order is
 * settled; every difference is written down for the operator.
 */
@Component
class BillComparison {

    private static final Logger log = LoggerFactory.getLogger(BillComparison.class);

    /** Days and times of bills. */
    private static final ZoneId ALIPAY_ZONE = ZoneId.of("Asia/Shanghai");

    /** Days after which a bill that is not there will never be. Chosen: Alipay makes it in the morning of the next day. */
    private static final int LATEST_BILL_DAYS = 3;

    /** Lines that are looked up at once. Chosen: statements stay short. */
    private static final int CHUNK = 500;

    private static final String KNOW_DAY =
            "INSERT IGNORE INTO bill_check (bill_date, due_at) VALUES (:day, UTC_TIMESTAMP(6))";

    private static final String DUE = """
            SELECT bill_date FROM bill_check WHERE bill_date >= :first AND due_at <= UTC_TIMESTAMP(6)
             ORDER BY bill_date LIMIT 1 FOR UPDATE SKIP LOCKED
            """;

    private static final String AGAIN = """
            UPDATE bill_check SET due_at = UTC_TIMESTAMP(6) + INTERVAL :micros MICROSECOND WHERE bill_date = :day
            """;

    private static final String TOO_LATE =
            "SELECT bill_date FROM bill_check WHERE bill_date < :first AND due_at IS NOT NULL FOR UPDATE";

    private static final String STILL_DUE =
            "SELECT COUNT(*) AS days FROM bill_check WHERE bill_date = :day AND due_at IS NOT NULL";

    private static final String GIVEN_UP = "UPDATE bill_check SET due_at = NULL WHERE bill_date = :day";

    private static final String CHECKED =
            "UPDATE bill_check SET due_at = NULL, checked_at = UTC_TIMESTAMP(6) WHERE bill_date = :day";

    private final Transactions transactions;
    private final DatabaseClient database;
    private final Alipay alipay;
    private final PaymentBooks payments;
    private final RefundBooks refunds;
    private final Settlement settlement;
    private final Orders orders;
    private final Discrepancies discrepancies;
    private final PaymentProperties.Bill properties;
    private final Clock clock = Clock.systemUTC();

    BillComparison(
            Transactions lifecycleTransactions,
            Alipay alipay,
            PaymentBooks payments,
            RefundBooks refunds,
            Settlement settlement,
            Discrepancies discrepancies,
            PaymentProperties properties) {
        this.transactions = lifecycleTransactions;
        this.database = lifecycleTransactions.database();
        this.orders = new Orders(database);
        this.alipay = alipay;
        this.payments = payments;
        this.refunds = refunds;
        this.settlement = settlement;
        this.discrepancies = discrepancies;
        this.properties = properties.bill();
    }

    /** Compares the oldest bill that is due, and says whether it could be: then there may be more. */
    Mono<Boolean> compareNext() {
        ZonedDateTime now = clock.instant().atZone(ALIPAY_ZONE);
        LocalDate last = now.toLocalDate().minusDays(now.toLocalTime().isBefore(properties.readyAt()) ? 2 : 1);
        LocalDate first = last.minusDays(properties.days() - 1L);
        return transactions
                .run(() -> giveUpBefore(first).then(Mono.defer(() -> know(first, last))))
                .then(Mono.defer(() -> transactions.run(() -> claim(first))))
                .flatMap(this::compare)
                .defaultIfEmpty(false);
    }

    private Mono<Void> know(LocalDate first, LocalDate last) {
        return Flux.fromStream(first.datesUntil(last.plusDays(1)))
                .concatMap(day -> database.sql(KNOW_DAY).bind("day", day).then())
                .then();
    }

    /** A day that was never compared does not pass in silence. */
    private Mono<Void> giveUpBefore(LocalDate first) {
        return database.sql(TOO_LATE)
                .bind("first", first)
                .map(row -> required(row, "bill_date", LocalDate.class))
                .all()
                .collectList()
                .flatMapIterable(days -> days)
                .concatMap(day -> discrepancies
                        .record(new Finding(
                                Kind.NO_BILL,
                                day.toString(),
                                null,
                                null,
                                "The bill of " + day + " could not be read in all the days it was asked for."))
                        .then(Mono.defer(
                                () -> database.sql(GIVEN_UP).bind("day", day).then())))
                .then();
    }

    private Mono<LocalDate> claim(LocalDate first) {
        return database.sql(DUE)
                .bind("first", first)
                .map(row -> required(row, "bill_date", LocalDate.class))
                .one()
                .delayUntil(this::again);
    }

    /** Also the lease: an instance that dies on the way leaves the day to be asked for again. */
    private Mono<Void> again(LocalDate day) {
        return database.sql(AGAIN)
                .bind("micros", MICROSECONDS.convert(properties.retryAfter()))
                .bind("day", day)
                .then();
    }

    private Mono<Boolean> compare(LocalDate day) {
        return alipay.bill(day)
                .flatMap(bill -> compare(bill, day).thenReturn(true))
                .switchIfEmpty(Mono.defer(() -> withoutBill(day)))
                .delayUntil(compared -> compared
                        ? transactions.run(
                                () -> database.sql(CHECKED).bind("day", day).then())
                        : Mono.empty())
                .onErrorResume(Unavailable.class, notNow -> putOff(day, notNow));
    }

    /** Alipay can not be asked now: the day is due again by itself. */
    private static Mono<Boolean> putOff(LocalDate day, Unavailable notNow) {
        log.atWarn()
                .addKeyValue("day", day)
                .addKeyValue("cause", notNow.name())
                .log("bill cannot be compared, trying again later");
        return Mono.just(false);
    }

    /**
     * Alipay makes no bill for a day without trades. But a bill may also be late, and a payment that only it knows of is just
     * what it is read for: so the day counts as compared only when Alipay has had time enough.
     *
     * @return whether the day is done with
     */
    private Mono<Boolean> withoutBill(LocalDate day) {
        boolean late =
                day.isBefore(clock.instant().atZone(ALIPAY_ZONE).toLocalDate().minusDays(LATEST_BILL_DAYS));
        return transactions
                .run(() -> payments.between(startOf(day), startOf(day.plusDays(1))))
                .map(List::size)
                .delayUntil(count -> count == 0
                        ? Mono.empty()
                        : discrepancies.recordAlone(new Finding(
                                Kind.NO_BILL,
                                day.toString(),
                                null,
                                null,
                                "Alipay has no bill for " + day + ", when " + count + " payments came in.")))
                .map(count -> count == 0 && late)
                // the bill of this day would have been the last one to have refunds of the day before
                .delayUntil(done -> done ? findRefundsOfTheDayBefore(day) : Mono.empty());
    }

    /** Unless the bill of that day is to be read still: it may have them. */
    private Mono<Void> findRefundsOfTheDayBefore(LocalDate day) {
        return transactions
                .run(() -> database.sql(STILL_DUE)
                        .bind("day", day.minusDays(1))
                        .map(row -> required(row, "days", Long.class))
                        .one())
                .flatMap(due -> due == 0 ? findRefundsWithoutBill(day) : Mono.empty());
    }

    private static Instant startOf(LocalDate day) {
        return day.atStartOfDay(ALIPAY_ZONE).toInstant();
    }

    private Mono<Void> compare(Bill bill, LocalDate day) {
        List<Bill.Line> paid = linesOf(bill, Bill.Kind.PAYMENT);
        List<Bill.Line> paidBack = linesOf(bill, Bill.Kind.REFUND);
        return Flux.fromIterable(paid)
                .buffer(CHUNK)
                .delayUntil(lines -> transactions.run(() -> again(day)))
                .concatMap(this::comparePayments)
                .thenMany(Flux.fromIterable(paidBack).buffer(CHUNK))
                .delayUntil(lines -> transactions.run(() -> again(day)))
                .concatMap(lines -> Flux.fromIterable(lines).concatMap(line -> compareRefund(line, day)))
                .then(Mono.defer(() -> findPaymentsMissingIn(paid, day)))
                .then(Mono.defer(() -> findRefundsWithoutBill(day)));
    }

    private static List<Bill.Line> linesOf(Bill bill, Bill.Kind kind) {
        return bill.lines().stream().filter(line -> line.kind() == kind).toList();
    }

    private Mono<Void> comparePayments(List<Bill.Line> lines) {
        List<String> tradeNos = lines.stream().map(Bill.Line::tradeNo).toList();
        return transactions
                .run(() -> payments.withTradeNos(tradeNos))
                .map(known -> known.stream().collect(Collectors.toMap(Payment::tradeNo, Function.identity())))
                .flatMapMany(known -> Flux.fromIterable(lines).concatMap(line -> comparePayment(line, known)))
                .then();
    }

    private Mono<Void> comparePayment(Bill.Line line, Map<String, Payment> known) {
        Payment payment = known.get(line.tradeNo());
        if (payment == null) {
            return missedPayment(line);
        }
        return payment.totalAmount().compareTo(line.amount()) == 0
                ? Mono.empty()
                : discrepancies.recordAlone(finding(
                        Kind.WRONG_AMOUNT,
                        line,
                        "The bill has " + line.amount() + ", these books " + payment.totalAmount() + "."));
    }

    /** The bill is not signed, so it only makes us ask; the answer settles. Others may use the same account. */
    private Mono<Void> missedPayment(Bill.Line line) {
        Finding unknown = finding(Kind.UNKNOWN_TRADE_IN_BILL, line, "No order of this shop was paid by this trade.");
        Finding missed =
                finding(Kind.PAYMENT_WAS_MISSING, line, "Only the bill told of this payment; it is settled by now.");
        return orders.withCode(OrderNumbers.orderCode(line.outTradeNo()))
                .flatMap(order -> alipay.query(line.outTradeNo()))
                .filter(trade -> trade.state() == TradeState.PAID || trade.state() == TradeState.FINISHED)
                .filter(trade -> line.tradeNo().equals(trade.tradeNo()))
                .flatMap(settlement::settle)
                .filter(outcome -> outcome != Settlement.Outcome.MISMATCH)
                .map(outcome -> missed)
                .defaultIfEmpty(unknown)
                .flatMap(discrepancies::recordAlone);
    }

    private Mono<Void> compareRefund(Bill.Line line, LocalDate day) {
        return transactions.run(() -> refunds.find(line.tradeNo(), String.valueOf(line.outRequestNo()))
                .flatMap(refund -> refunds.billed(refund, day).thenReturn(difference(line, refund)))
                .defaultIfEmpty(List.of(
                        finding(Kind.UNKNOWN_REFUND, line, "The bill has a refund that was not asked for here.")))
                .flatMapMany(Flux::fromIterable)
                .concatMap(discrepancies::record)
                .then());
    }

    private static List<Finding> difference(Bill.Line line, Refund refund) {
        return refund.amount().compareTo(line.amount()) == 0
                ? List.of()
                : List.of(finding(
                        Kind.WRONG_REFUND_AMOUNT,
                        line,
                        "The bill has " + line.amount() + ", these books " + refund.amount() + "."));
    }

    private Mono<Void> findPaymentsMissingIn(List<Bill.Line> lines, LocalDate day) {
        Set<String> inBill = lines.stream().map(Bill.Line::tradeNo).collect(Collectors.toSet());
        return transactions
                .run(() -> payments.between(startOf(day), startOf(day.plusDays(1))))
                .flatMapMany(Flux::fromIterable)
                .filter(payment -> !inBill.contains(payment.tradeNo()))
                .concatMap(payment -> discrepancies.recordAlone(new Finding(
                        Kind.PAYMENT_NOT_IN_BILL,
                        payment.tradeNo(),
                        payment.orderCode(),
                        payment.tradeNo(),
                        "The payment of " + payment.totalAmount() + " is not in the bill of its day.")))
                .then();
    }

    /** Confirmed the day before: whichever side of midnight Alipay made it, its bill was read by now. */
    private Mono<Void> findRefundsWithoutBill(LocalDate day) {
        return transactions
                .run(() -> refunds.notBilled(startOf(day.minusDays(1)), startOf(day)))
                .flatMapMany(Flux::fromIterable)
                .concatMap(refund -> discrepancies.recordAlone(new Finding(
                        Kind.REFUND_NOT_IN_BILL,
                        refund.tradeNo() + "/" + refund.outRequestNo(),
                        refund.orderCode(),
                        refund.tradeNo(),
                        "The refund of " + refund.amount() + " is in no bill.")))
                .then();
    }

    private static Finding finding(Kind kind, Bill.Line line, String detail) {
        long orderCode = OrderNumbers.orderCode(line.outTradeNo());
        String subject = line.outRequestNo() == null ? line.tradeNo() : line.tradeNo() + "/" + line.outRequestNo();
        return new Finding(kind, subject, orderCode < 0 ? null : orderCode, line.tradeNo(), detail);
    }
}
