package io.giftorders.localalipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many buyers at once, and nothing left behind. */
class CrowdTests {

    @Test
    void ofTenPaymentsOfAnOrderAtOnceOneSucceeds() {
        try (LocalAlipay alipay = LocalAlipay.start();
                Seller seller = new Seller(alipay)) {
            List<String> orders = IntStream.range(0, 20)
                    .mapToObj(number -> alipay.open(seller.payUrl(Seller.newOrder())))
                    .collect(Collectors.toList());
            AtomicInteger paid = new AtomicInteger();

            orders.parallelStream()
                    .forEach(order -> IntStream.range(0, 10).parallel().forEach(attempt -> {
                        try {
                            alipay.pay(order);
                            paid.incrementAndGet();
                        } catch (Declined refused) {
                            assertThat(refused.subCode()).isEqualTo("ACQ.TRADE_HAS_SUCCESS");
                        }
                    }));

            assertThat(paid).hasValue(20);
            await().untilAsserted(() -> assertThat(seller.heard()).hasSize(20));
            assertThat(alipay.trades().values()).allMatch(TradeView::paid).hasSize(20);
        }
    }

    @Test
    void everyThreadEndsWithIt() {
        LocalAlipay alipay = LocalAlipay.start();
        try (Seller seller = new Seller(alipay)) {
            seller.answer("fail");
            String order = alipay.open(seller.payUrl(Seller.newOrder()));
            alipay.pay(order);
            await().untilAsserted(() -> assertThat(seller.heard(order)).isNotEmpty());
        }
        assertThat(threads(alipay)).isNotEmpty();

        alipay.close();

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(threads(alipay)).isEmpty());
    }

    private static List<Thread> threads(LocalAlipay alipay) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(alipay.threadName()))
                .collect(Collectors.toList());
    }
}
