package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How many notifies a second are verified and settled while orders go on. No part of the build: it proves no more than
 * {@code NotifyRushTests} does, and says how fast on the machine it runs on. Service, database, buyers and Alipay share it;
 * BlockHound watches the event loops.
 *
 * <pre>mvn test -Dtest=NotifyBenchmark</pre>
 */
class NotifyBenchmark {

    private static final int WARM_UP = 10_000;
    private static final int NOTIFIES = 20_000;
    private static final int AT_ONCE = 128;
    private static final int BUYERS = 32;

    private final LocalAlipay alipay = LocalAlipay.shared();

    @Test
    void notifiesAreSettledWhileOrdersGoOn() {
        IntStream.rangeClosed(1, BUYERS).forEach(Shop::buyer);
        try (Shop shop = Shop.open("--gift-orders.placement.pay-within=1h")) {
            long gift = shop.gift(10_000_000);
            List<byte[]> forms = signed(orders(shop, gift, WARM_UP + NOTIFIES));
            WebClient web = Shop.client(shop.address());
            send(web, forms.subList(0, WARM_UP));

            report("alone", web, forms.subList(WARM_UP, WARM_UP + NOTIFIES / 2));
            AtomicLong placed = new AtomicLong();
            long started = System.nanoTime();
            Disposable buying = Flux.range(1, BUYERS)
                    .flatMap(
                            uid -> shop.order(uid, "{\"" + gift + "\": 1}")
                                    .doOnNext(answer -> placed.incrementAndGet())
                                    .repeat(),
                            BUYERS)
                    .subscribe();
            report("while orders go on", web, forms.subList(WARM_UP + NOTIFIES / 2, WARM_UP + NOTIFIES));
            buying.dispose();
            System.out.printf(
                    "orders placed meanwhile: %,.0f/s%n", placed.get() / ((System.nanoTime() - started) / 1e9));

            assertThat(shop.number("SELECT COUNT(*) FROM payment")).isEqualTo(WARM_UP + NOTIFIES);
            assertThat(shop.number("SELECT COUNT(*) FROM orders WHERE status = 2"))
                    .isEqualTo(WARM_UP + NOTIFIES);
        }
    }

    private static List<String> orders(Shop shop, long gift, int count) {
        return Flux.range(0, count)
                .flatMap(number -> shop.order(1 + number % BUYERS, "{\"" + gift + "\": 1}"), 256)
                .map(Shop.Answer::orderCode)
                .collectList()
                .block();
    }

    private List<byte[]> signed(List<String> orders) {
        return IntStream.range(0, orders.size())
                .parallel()
                .mapToObj(number -> LocalAlipay.form(alipay.sign(notice(orders.get(number), number)))
                        .getBytes(StandardCharsets.US_ASCII))
                .toList();
    }

    private Map<String, String> notice(String order, int number) {
        Map<String, String> notice = new LinkedHashMap<>();
        notice.put("notify_time", "2026-11-23 10:00:01");
        notice.put("notify_type", "trade_status_sync");
        notice.put("notify_id", "2026112300222100001" + number);
        notice.put("charset", "utf-8");
        notice.put("version", "1.0");
        notice.put("app_id", alipay.appId());
        notice.put("auth_app_id", alipay.appId());
        notice.put("trade_no", "20261123220014" + number);
        notice.put("out_trade_no", order);
        notice.put("trade_status", "TRADE_SUCCESS");
        notice.put("total_amount", "9.90");
        notice.put("receipt_amount", "9.90");
        notice.put("buyer_pay_amount", "9.90");
        notice.put("subject", "Gift order " + order);
        notice.put("buyer_id", "2088101117955611");
        notice.put("buyer_logon_id", "159****5620");
        notice.put("seller_id", alipay.sellerId());
        notice.put("gmt_create", "2026-11-23 09:59:59");
        notice.put("gmt_payment", "2026-11-23 10:00:00");
        notice.put("fund_bill_list", "[{\"amount\":\"9.90\",\"fundChannel\":\"ALIPAYACCOUNT\"}]");
        return notice;
    }

    private static void report(String when, WebClient web, List<byte[]> forms) {
        long started = System.nanoTime();
        send(web, forms);
        System.out.printf("notifies settled %s: %,.0f/s%n", when, forms.size() / ((System.nanoTime() - started) / 1e9));
    }

    private static void send(WebClient web, List<byte[]> forms) {
        List<String> answers = Flux.fromIterable(new ArrayList<>(forms))
                .flatMap(form -> send(web, form), AT_ONCE)
                .collectList()
                .block(Duration.ofMinutes(5));
        assertThat(answers).containsOnly("success");
    }

    private static Mono<String> send(WebClient web, byte[] form) {
        return web.post()
                .uri("/alipay/notify")
                .contentType(MediaType.APPLICATION_FORM_URLENCODED)
                .bodyValue(form)
                .retrieve()
                .bodyToMono(String.class);
    }
}
