package io.giftorders.payment;

import static io.giftorders.payment.Sales.cart;
import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.BillLine;
import io.giftorders.localalipay.Bills;
import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpMethod;

/**
 * A day's bill against the books. What was paid a moment ago is moved to yesterday, whose bill is the newest there can be; a
 * comparison takes place when the day is asked for again.
 */
class BillComparisonTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final LocalDate YESTERDAY = Bills.today().minusDays(1);
    private static final String BILL = "alipay.data.dataservice.bill.downloadurl.query";

    private static final String[] SETTINGS = {
        "--gift-orders.payment.min-time=0s",
        "--gift-orders.payment.clock-skew=0s",
        "--gift-orders.payment.refund-check-every=50ms",
        "--gift-orders.payment.refund-retry-after=100ms",
        "--gift-orders.lifecycle.check-every=50ms",
        "--gift-orders.payment.bill.check-every=100ms",
        "--gift-orders.payment.bill.ready-at=00:00",
        "--gift-orders.payment.bill.days=1",
        "--gift-orders.payment.bill.retry-after=1s"
    };

    private static Shop shop;
    private static Sales sales;

    private long gift;

    @BeforeAll
    static void open() {
        shop = Shop.open(SETTINGS);
        sales = new Sales(shop);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    /** Yesterday is done with until a test says otherwise. */
    @BeforeEach
    void beginAnew() {
        ALIPAY.bills().publish(YESTERDAY, List.of());
        List.of("refund", "payment", "order_item", "orders", "gift", "discrepancy")
                .forEach(table -> shop.sql("DELETE FROM " + table));
        // the running service may have written the day first
        shop.sql("INSERT INTO bill_check (bill_date, checked_at) VALUES ('" + YESTERDAY + "', UTC_TIMESTAMP(6))"
                + " ON DUPLICATE KEY UPDATE due_at = NULL, checked_at = UTC_TIMESTAMP(6)");
        gift = shop.gift(100);
    }

    @AfterEach
    void alipayIsWell() {
        ALIPAY.faults().reset();
        ALIPAY.bills().publish(YESTERDAY, List.of());
    }

    @Test
    void aBillThatAgreesIsComparedAndNothingIsListed() {
        String one = sales.paid(7, cart(gift, 2));
        String other = sales.paid(7, cart(gift, 3));
        sales.refund(other, cart(gift, 1));
        sales.awaitConfirmed(other, 1);
        moveToYesterday();
        publish(linesOf(one, other));

        compare();

        assertThat(listed()).isEmpty();
    }

    @Test
    void aPaymentThatNobodyToldOfIsSettledAndListed() {
        String order = sales.ordered(7, cart(gift, 2));
        ALIPAY.open(shop.payUrl(7, order));
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_NEVER);
        shop.sql("UPDATE orders SET expires_at = UTC_TIMESTAMP(6) - INTERVAL 1 MINUTE, due_at = UTC_TIMESTAMP(6)"
                + " WHERE order_code = " + order);
        Shop.await(() -> shop.status(order) == 5);
        ALIPAY.forcePaidAfterClose(order);
        publish(linesOf(order));

        compare();

        assertThat(listed()).containsExactly("payment-was-missing " + order);
        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(shop.stock(gift)).isEqualTo(98);
        Books.of(shop).with(gift, 100).mustBalanceWith(ALIPAY);
    }

    @Test
    void aPaymentThatNobodyToldOfGoesBackWhereThePiecesAreGone() {
        long last = shop.gift(1);
        String order = sales.ordered(7, cart(last, 1));
        ALIPAY.login(ALIPAY.open(shop.payUrl(7, order)));
        shop.act(Shop.buyer(7), order, "cancel").block();
        sales.paid(8, cart(last, 1));
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_NEVER);
        ALIPAY.forcePaidAfterClose(order);
        publish(linesOf(order));

        compare();

        sales.awaitConfirmed(order, 1);
        assertThat(listed()).containsExactly("payment-was-missing " + order);
        assertThat(shop.status(order)).isEqualTo(5);
        assertThat(Sales.fenBack(order)).isEqualTo(990);
    }

    @Test
    void aBillThatNamesAnotherAmountIsListed() {
        String order = sales.paid(7, cart(gift, 2));
        moveToYesterday();
        publish(linesOf(order).stream()
                .map(line -> line.withAmount(new BigDecimal("19.81")))
                .toList());

        compare();

        assertThat(listed()).containsExactly("wrong-amount " + order);
        assertThat(detail("wrong-amount")).contains("19.81", "19.80");
        assertThat(shop.status(order)).isEqualTo(2);
    }

    @Test
    void whatTheBillDoesNotHaveIsListed() {
        String inBill = sales.paid(7, cart(gift, 1));
        String paid = sales.paid(7, cart(gift, 2));
        String paidBack = sales.paid(7, cart(gift, 3));
        sales.refund(paidBack, cart(gift, 1));
        sales.awaitConfirmed(paidBack, 1);
        moveToYesterday();
        // a day later than the refund both bills were read that may have it
        shop.sql("UPDATE refund SET confirmed_at = confirmed_at - INTERVAL 1 DAY");
        List<BillLine> lines = linesOf(inBill, paidBack);
        lines.removeIf(line -> line.kind() == BillLine.Kind.REFUND);
        publish(lines);

        compare();

        assertThat(listed()).containsExactly("payment-not-in-bill " + paid, "refund-not-in-bill " + paidBack);
    }

    @Test
    void aRefundThatWasNotAskedForHereIsListed() {
        String order = sales.paid(7, cart(gift, 2));
        moveToYesterday();
        List<BillLine> lines = linesOf(order);
        lines.add(refundOf(lines.get(0), "by-hand", "9.90"));
        publish(lines);

        compare();

        assertThat(listed()).containsExactly("unknown-refund " + order);
        assertThat(subjects()).containsExactly(sales.tradeNo(order) + "/by-hand");
        assertThat(sales.refundRows(order)).isZero();
    }

    @Test
    void aRefundOfAnotherAmountIsListed() {
        String order = sales.paid(7, cart(gift, 2));
        sales.refund(order, cart(gift, 1));
        sales.awaitConfirmed(order, 1);
        moveToYesterday();
        List<BillLine> lines = linesOf(order).stream()
                .map(line -> line.kind() == BillLine.Kind.REFUND ? line.withAmount(new BigDecimal("9.89")) : line)
                .toList();
        publish(lines);

        compare();

        assertThat(listed()).containsExactly("wrong-refund-amount " + order);
    }

    @Test
    void aTradeThatIsNoneOfThisShopsIsListedAndChangesNothing() {
        String order = sales.paid(7, cart(gift, 2));
        moveToYesterday();
        List<BillLine> lines = linesOf(order);
        BillLine known = lines.get(0);
        lines.add(another(known, "2026000000000000000000000001", "91"));
        lines.add(another(known, "2026000000000000000000000002", "till-4_茶"));
        publish(lines);

        compare();

        assertThat(listed()).containsExactly("unknown-trade-in-bill 91", "unknown-trade-in-bill null");
        assertThat(shop.number("SELECT COUNT(*) FROM payment")).isEqualTo(1);
    }

    /** The bill has no signature: only what Alipay answers to a question may settle. */
    @Test
    void aBillAloneSettlesNothing() {
        String order = sales.ordered(7, cart(gift, 2));
        ALIPAY.login(ALIPAY.open(shop.payUrl(7, order)));
        String paid = sales.paid(8, cart(gift, 1));
        moveToYesterday();
        List<BillLine> lines = linesOf(paid);
        lines.add(another(lines.get(0), sales.tradeNo(order), order).withAmount(new BigDecimal("19.80")));
        publish(lines);

        compare();

        assertThat(listed()).containsExactly("unknown-trade-in-bill " + order);
        assertThat(shop.status(order)).isEqualTo(1);
    }

    @Test
    void aDayWithoutPaymentsAndWithoutABillIsNotListedAndStaysDue() {
        lookAgain();
        awaitPutOff();

        assertThat(listed()).isEmpty();
        assertThat(shop.number("SELECT COUNT(*) FROM bill_check WHERE checked_at IS NULL"))
                .isEqualTo(1);
    }

    /** No bill after it could have it any more. */
    @Test
    void aRefundIsListedAlsoWhereTheNextDayHasNoBill() {
        String[] settings = SETTINGS.clone();
        settings[List.of(settings).indexOf("--gift-orders.payment.bill.days=1")] = "--gift-orders.payment.bill.days=6";
        try (Shop patient = Shop.open(settings)) {
            Sales sold = new Sales(patient);
            long tea = patient.gift(10);
            String order = sold.paid(7, cart(tea, 2));
            sold.refund(order, cart(tea, 1));
            sold.awaitConfirmed(order, 1);
            patient.sql("UPDATE payment SET paid_at = paid_at - INTERVAL 20 DAY");
            patient.sql("UPDATE refund SET confirmed_at = confirmed_at - INTERVAL 6 DAY");

            Shop.await(() ->
                    patient.number("SELECT COUNT(*) FROM bill_check WHERE checked_at IS NOT NULL AND bill_date < '"
                                    + YESTERDAY.minusDays(3) + "'")
                            == 2);
            String nextDay = "bill_date = '" + YESTERDAY.minusDays(4) + "'";
            patient.sql("UPDATE bill_check SET due_at = UTC_TIMESTAMP(6), checked_at = NULL WHERE " + nextDay);
            Shop.await(() ->
                    patient.number("SELECT COUNT(*) FROM bill_check WHERE checked_at IS NOT NULL AND " + nextDay) == 1);

            assertThat(patient.number(
                            "SELECT COUNT(*) FROM discrepancy WHERE kind = 'refund-not-in-bill' AND order_code = "
                                    + order))
                    .isEqualTo(1);
        }
    }

    @Test
    void aPaymentThatOnlyALateBillTellsOfIsSettled() {
        String order = sales.paid(7, cart(gift, 2));
        List<BillLine> lines = linesOf(order);
        shop.sql("DELETE FROM payment");
        shop.sql("UPDATE orders SET status = 1, paid_at = NULL");
        lookAgain();
        awaitPutOff();

        publish(lines);
        awaitCompared();

        assertThat(shop.status(order)).isEqualTo(2);
        assertThat(listed()).contains("payment-was-missing " + order);
    }

    @Test
    void aMissingBillIsListedAndAskedForUntilItIsThere() {
        String order = sales.paid(7, cart(gift, 2));
        moveToYesterday();
        lookAgain();
        Shop.await(() -> times("no-bill") >= 2);

        publish(linesOf(order));

        awaitCompared();
        assertThat(listed()).containsExactly("no-bill null");
        assertThat(detail("no-bill")).contains(YESTERDAY.toString());
    }

    @Test
    @ExtendWith(OutputCaptureExtension.class)
    void aBillThatCannotBeHadNowIsAskedForAgain(CapturedOutput output) {
        String order = sales.paid(7, cart(gift, 2));
        moveToYesterday();
        publish(linesOf(order));
        ALIPAY.faults().next(1).on(BILL).add(Fault.GATEWAY_HTTP_500);
        ALIPAY.faults().next(1).on(BILL).add(Fault.GATEWAY_BAD_SIGNATURE);
        ALIPAY.faults().next(1).on(BILL).add(Fault.GATEWAY_SIGNED_FAILURE);

        compare();

        assertThat(listed()).isEmpty();
        assertThat(output.getOut())
                .contains("bill cannot be compared, trying again later")
                .doesNotContain(" ERROR ");
    }

    @Test
    void twoInstancesCompareADayOnce() {
        String paid = sales.paid(7, cart(gift, 2));
        moveToYesterday();
        publish(List.of(another(linesOf(paid).get(0), "2026000000000000000000000003", "93")));

        try (Shop other = shop.another(SETTINGS)) {
            compare();
            assertThat(other.bean(BillComparison.class)).isNotNull();
        }

        assertThat(times("unknown-trade-in-bill")).isEqualTo(1);
        assertThat(times("payment-not-in-bill")).isEqualTo(1);
    }

    @Test
    void aBillOfManyLinesIsComparedInPieces() {
        String order = sales.paid(7, cart(gift, 1));
        moveToYesterday();
        List<BillLine> lines = linesOf(order);
        BillLine one = lines.get(0);
        for (int line = 0; line < 1_200; line++) {
            lines.add(refundOf(one, "r" + line, "0.01"));
        }
        publish(lines);

        compare();

        assertThat(shop.number("SELECT COUNT(*) FROM discrepancy WHERE kind = 'unknown-refund'"))
                .isEqualTo(1_200);
    }

    @Test
    void operatorsReadTheListPageByPageAndBuyersDoNot() {
        String order = sales.paid(7, cart(gift, 1));
        moveToYesterday();
        List<BillLine> lines = linesOf(order);
        for (int line = 0; line < 5; line++) {
            lines.add(refundOf(lines.get(0), "r" + line, "0.01"));
        }
        publish(lines);
        compare();

        Set<Object> ids = new TreeSet<>();
        String page = "/payments/discrepancies?limit=2";
        int pages = 0;
        while (page != null) {
            Map<?, ?> body = read(page, Shop.operator()).body();
            ((List<?>) body.get("discrepancies")).forEach(one -> ids.add(((Map<?, ?>) one).get("id")));
            page = (String) body.get("next");
            pages++;
        }

        assertThat(ids).hasSize(5);
        assertThat(pages).isEqualTo(3);
        assertThat(read("/payments/discrepancies", Shop.buyer(7)).status()).isEqualTo(403);
        assertThat(read("/payments/discrepancies", "").status()).isEqualTo(401);
    }

    private static Answer read(String page, String token) {
        return shop.call(HttpMethod.GET, page, token, null).block();
    }

    private static List<BillLine> linesOf(String... orders) {
        Set<String> wanted = Set.of(orders);
        List<BillLine> lines = new ArrayList<>(ALIPAY.bills().lines(Bills.today()));
        // around midnight in China
        lines.addAll(ALIPAY.bills().lines(YESTERDAY));
        lines.removeIf(line -> !wanted.contains(line.outTradeNo()));
        return lines;
    }

    private static void publish(List<BillLine> lines) {
        ALIPAY.bills().publish(YESTERDAY, lines);
    }

    private static BillLine another(BillLine like, String tradeNo, String outTradeNo) {
        return new BillLine(
                BillLine.Kind.PAYMENT,
                tradeNo,
                outTradeNo,
                "两只茶杯",
                like.amount(),
                "",
                like.createdAt(),
                like.completedAt());
    }

    private static BillLine refundOf(BillLine payment, String number, String amount) {
        return new BillLine(
                BillLine.Kind.REFUND,
                payment.tradeNo(),
                payment.outTradeNo(),
                "退款：两只茶杯",
                new BigDecimal(amount),
                number,
                payment.createdAt(),
                payment.completedAt());
    }

    private static void moveToYesterday() {
        shop.sql("UPDATE payment SET paid_at = paid_at - INTERVAL 1 DAY");
        shop.sql("UPDATE refund SET created_at = created_at - INTERVAL 1 DAY,"
                + " confirmed_at = confirmed_at - INTERVAL 1 DAY");
    }

    private static void compare() {
        lookAgain();
        awaitCompared();
    }

    private static void lookAgain() {
        shop.sql("UPDATE bill_check SET due_at = UTC_TIMESTAMP(6), checked_at = NULL");
    }

    /** Until it was asked for in vain. */
    private static void awaitPutOff() {
        Shop.await(() -> shop.number("SELECT COUNT(*) FROM bill_check WHERE due_at > UTC_TIMESTAMP(6)") == 1);
    }

    private static void awaitCompared() {
        Shop.await(() -> shop.number("SELECT COUNT(*) FROM bill_check WHERE checked_at IS NOT NULL") == 1);
    }

    /** What the operator reads, in the order of the names. */
    private static List<String> listed() {
        List<?> found = (List<?>) Objects.requireNonNull(read("/payments/discrepancies?limit=100", Shop.operator())
                .body()
                .get("discrepancies"));
        return found.stream()
                .map(one -> (Map<?, ?>) one)
                .map(one -> one.get("kind") + " " + one.get("order_code"))
                .sorted()
                .toList();
    }

    private static List<String> subjects() {
        return shop.database()
                .sql("SELECT subject FROM discrepancy")
                .map(row -> String.valueOf(row.get(0, String.class)))
                .all()
                .collectList()
                .block();
    }

    private static String detail(String kind) {
        return shop.database()
                .sql("SELECT detail FROM discrepancy WHERE kind = '" + kind + "'")
                .map(row -> String.valueOf(row.get(0, String.class)))
                .one()
                .block();
    }

    private static long times(String kind) {
        return shop.number("SELECT COALESCE(SUM(times), 0) FROM discrepancy WHERE kind = '" + kind + "'");
    }
}
