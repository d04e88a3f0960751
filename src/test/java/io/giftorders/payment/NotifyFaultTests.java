package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.Faults.Scope;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Notifies go wrong on the way; every paid order is settled all the same, once. */
@ExtendWith(OutputCaptureExtension.class)
class NotifyFaultTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    private static Shop shop;
    private static long gift;

    /** A shop that asks Alipay a second after a pay link was given. */
    @BeforeAll
    static void open() {
        shop = Shop.open(
                "--gift-orders.lifecycle.first-payment-check=1s",
                "--gift-orders.lifecycle.check-every=50ms",
                "--gift-orders.lifecycle.retry-after=100ms");
        gift = shop.gift(1_000);
    }

    @AfterAll
    static void close() {
        Books.of(shop).with(gift, 1_000).mustBalanceWith(ALIPAY);
        shop.close();
    }

    @AfterEach
    void theLogHasNoStackTrace(CapturedOutput output) {
        ALIPAY.faults().reset();
        assertThat(output).doesNotContain("\tat ");
    }

    private record Trouble(Fault fault, UnaryOperator<Scope> scope, String findings) {

        static Arguments of(Fault fault, UnaryOperator<Scope> scope, String findings) {
            return argumentSet(fault + " " + findings, new Trouble(fault, scope, findings));
        }
    }

    static Stream<Arguments> troubles() {
        UnaryOperator<Scope> always = UnaryOperator.identity();
        return Stream.of(
                Trouble.of(Fault.NOTIFY_DROP, always, ""),
                Trouble.of(Fault.NOTIFY_NEVER, always, ""),
                Trouble.of(Fault.NOTIFY_DELAY, scope -> scope.lasting(Duration.ofSeconds(2)), ""),
                Trouble.of(Fault.NOTIFY_DUPLICATE, scope -> scope.copies(20), ""),
                Trouble.of(Fault.NOTIFY_BEFORE_RETURN, always, ""),
                Trouble.of(Fault.NOTIFY_BAD_SIGNATURE, always, ""),
                Trouble.of(Fault.NOTIFY_WRONG_AMOUNT, always, "wrong-amount"),
                Trouble.of(Fault.NOTIFY_WRONG_APP, always, "wrong-app"),
                Trouble.of(Fault.NOTIFY_WRONG_SELLER, always, "wrong-seller"),
                Trouble.of(Fault.NOTIFY_GBK, always, ""));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void aPaidOrderIsSettledWhateverBecomesOfItsNotify(Trouble trouble) {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);
        trouble.scope().apply(ALIPAY.faults().always().of(order)).add(trouble.fault());

        customer.pay(order);

        Shop.await(() -> shop.status(order) == 2);
        Shop.await(() -> kinds(order).equals(trouble.findings()));
        assertThat(shop.number("SELECT COUNT(*) FROM payment WHERE order_code = " + order))
                .isEqualTo(1);
    }

    @Test
    void aNotifyThatWasLostTwiceArrivesTheThirdTime() {
        try (Shop patient = Shop.open("--gift-orders.lifecycle.first-payment-check=1h")) {
            Customer customer = Customer.of(patient);
            String order = customer.order(patient.gift(2));
            ALIPAY.faults().next(2).of(order).add(Fault.NOTIFY_DROP);

            customer.pay(order);

            Shop.await(() -> patient.status(order) == 2);
            Shop.await(() -> ALIPAY.deliveries(order).size() == 3);
        }
    }

    @Test
    void aNotifyThatALaterOneOvertookChangesNothing() {
        Customer customer = Customer.of(shop);
        String order = customer.order(gift);
        ALIPAY.faults().next(1).of(order).add(Fault.NOTIFY_REORDER);

        customer.pay(order);
        ALIPAY.finish(order);

        Shop.await(() -> ALIPAY.deliveries(order).size() == 2);
        assertThat(ALIPAY.deliveries(order).get(0).form()).contains("TRADE_FINISHED");
        assertThat(ALIPAY.deliveries(order).get(1).form()).contains("TRADE_SUCCESS");
        assertThat(ALIPAY.deliveries(order)).allMatch(delivery -> delivery.accepted());
        assertThat(shop.status(order)).isEqualTo(2);
    }

    @Test
    void aTradeThatAlipayClosesItselfClosesItsOrder() {
        Customer customer = Customer.of(shop);
        ALIPAY.faults().add(Fault.CLOSE_NOTICES);
        String order = customer.login(gift);

        ALIPAY.expire(order);

        Shop.await(() -> shop.status(order) == 5);
    }

    private static String kinds(String order) {
        return String.valueOf(shop.database()
                .sql("SELECT COALESCE(GROUP_CONCAT(kind), '') FROM discrepancy WHERE subject LIKE '" + order + "/%'")
                .map(row -> row.get(0, String.class))
                .one()
                .block());
    }
}
