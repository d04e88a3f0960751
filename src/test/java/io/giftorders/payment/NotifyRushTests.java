package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.payment.Letterbox.Reply;
import io.giftorders.shop.Shop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Many notifies at once, to several instances, and to one without a database. */
@ExtendWith(OutputCaptureExtension.class)
class NotifyRushTests {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();
    private static final int ORDERS = 100;
    private static final int NOTIFIES_OF_EACH = 10;
    private static final String[] BY_NOTIFIES_ALONE = {"--gift-orders.lifecycle.first-payment-check=1h"};

    @Test
    void aThousandNotifiesInAnyOrderToTwoInstancesSettleEachOrderOnce(CapturedOutput output) {
        try (Shop one = Shop.open(BY_NOTIFIES_ALONE);
                Shop other = one.another(BY_NOTIFIES_ALONE)) {
            long gift = one.gift(1_000);
            List<String> orders = Stream.generate(() -> Customer.of(one).paidUnheard(gift))
                    .limit(ORDERS)
                    .toList();
            List<String> forms = new ArrayList<>();
            for (String order : orders) {
                for (int number = 0; number < NOTIFIES_OF_EACH; number++) {
                    forms.add(LocalAlipay.form(ALIPAY.notifyParameters(order)));
                }
            }
            Collections.shuffle(forms, new Random(7));
            List<Letterbox> letterboxes = List.of(new Letterbox(one), new Letterbox(other));

            List<Reply> replies = Flux.range(0, forms.size())
                    .flatMap(
                            index -> Mono.defer(() -> letterboxes.get(index % 2).send(forms.get(index)))
                                    .subscribeOn(Schedulers.parallel()),
                            200)
                    .collectList()
                    .block();

            assertThat(replies).hasSize(ORDERS * NOTIFIES_OF_EACH).allSatisfy(Reply::mustBeSuccess);
            assertThat(one.number("SELECT COUNT(*) FROM orders WHERE status = 2"))
                    .isEqualTo(ORDERS);
            assertThat(settled(one, "settled") + settled(other, "settled")).isEqualTo(ORDERS);
            assertThat(settled(one, "known") + settled(other, "known")).isEqualTo(ORDERS * (NOTIFIES_OF_EACH - 1));
            Books.of(one).with(gift, 1_000).mustBalanceWith(ALIPAY);
        }
        assertThat(output).doesNotContain("\tat ");
    }

    @Test
    void aNotifyThatFindsNoDatabaseFailsAndSettlesWhenItComesAgain(CapturedOutput output) {
        TestDatabase server = TestDatabase.start(Path.of("target", "notify-database"));
        try (Shop shop = Shop.on(server, server.url("notified"), BY_NOTIFIES_ALONE)) {
            long gift = shop.gift(10);
            String order = Customer.of(shop).paidUnheard(gift);
            String misfit = Customer.of(shop).paidUnheard(gift);
            Letterbox letterbox = new Letterbox(shop);
            Map<String, String> payment = ALIPAY.notifyParameters(order);
            Map<String, String> mismatch =
                    Letterbox.signed(Letterbox.with(ALIPAY.notifyParameters(misfit), "app_id", "2021000000000001"));

            server.kill();
            Reply away = letterbox.drop(payment);
            Reply unrecorded = letterbox.drop(mismatch);
            server.restart();

            away.mustBeFailure(503);
            unrecorded.mustBeFailure(503);
            Shop.await(() -> letterbox.drop(payment).status() == 200);
            assertThat(shop.status(order)).isEqualTo(2);
            letterbox.drop(mismatch).mustBeSuccess();
            assertThat(shop.number("SELECT COUNT(*) FROM discrepancy")).isEqualTo(1);
            Books.of(shop).with(gift, 10).mustBalance();
        }
        assertThat(output).doesNotContain("\tat ");
    }

    private static double settled(Shop shop, String outcome) {
        return shop.metric("gift.orders.settled", "outcome", outcome);
    }
}
