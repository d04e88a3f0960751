package io.giftorders.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Flux;

/** Connections that take and do not give. */
@ExtendWith(OutputCaptureExtension.class)
class SlowClientsTests {

    private static final String HEAD = "POST /orders HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n";

    @Test
    void ordersGoOnBesideThousandsOfIdleAndSlowConnections() {
        try (Shop shop = Shop.open("--gift-orders.request.timeout=1m");
                SlowClients idle = new SlowClients(URI.create(shop.address()));
                SlowClients slow = new SlowClients(URI.create(shop.address()))) {
            long gift = shop.gift(1_000);
            idle.open(2_000, "");
            slow.open(250, HEAD);
            slow.open(
                    250,
                    HEAD + "Authorization: Bearer " + Shop.buyer(1) + "\r\nContent-Length: 10000\r\n\r\n{\"" + gift
                            + "\":");

            long placed = Flux.range(1, 200)
                    .doOnNext(i -> {
                        if (i % 20 == 0) {
                            slow.send(" ");
                        }
                    })
                    .flatMap(i -> shop.order(1, "{\"" + gift + "\": 1}"), 16)
                    .filter(answer -> answer.status() == 201)
                    .count()
                    .block();

            assertThat(placed).isEqualTo(200);
            assertThat(shop.stock(gift)).isEqualTo(800);
            assertThat(idle.stillOpen()).isEqualTo(2_000);
            assertThat(slow.stillOpen()).isEqualTo(500);
        }
    }

    @Test
    void aHeadThatDripsIsCut(CapturedOutput output) {
        isCut(HEAD + "X-Drip: ");
        assertThat(output).doesNotContain("unexpected failure");
    }

    @Test
    void aBodyThatDripsIsCut(CapturedOutput output) {
        isCut(HEAD + "Authorization: Bearer " + Shop.buyer(1) + "\r\nContent-Length: 1000\r\n\r\n{");
        assertThat(output).doesNotContain("unexpected failure");
    }

    /** While a connection that is only idle is not. */
    private static void isCut(String beginning) {
        try (Shop shop = Shop.open("--gift-orders.request.timeout=1s");
                SlowClients idle = new SlowClients(URI.create(shop.address()));
                SlowClients slow = new SlowClients(URI.create(shop.address()))) {
            idle.open(5, "");
            slow.open(5, beginning);
            AtomicInteger drips = new AtomicInteger();

            Shop.await(() -> {
                slow.send("x");
                drips.incrementAndGet();
                return slow.stillOpen() == 0;
            });

            assertThat(drips).hasValueGreaterThan(10);
            assertThat(idle.stillOpen()).isEqualTo(5);
        }
    }

    @Test
    void aConnectionThatSendsWholeRequestsIsKeptLongerThanOneRequestMayTake() {
        try (Shop shop = Shop.open("--gift-orders.request.timeout=300ms");
                SlowClients client = new SlowClients(URI.create(shop.address()))) {
            client.open(1, "");
            long started = System.nanoTime();

            Shop.await(() -> {
                // in two parts, so that the limit is set and lifted each time
                client.send("GET /gifts HTTP/1.1\r\n");
                client.send("Host: shop\r\n\r\n");
                return client.stillOpen() == 0 || System.nanoTime() - started > 2_000_000_000L;
            });

            assertThat(client.stillOpen()).isEqualTo(1);
        }
    }
}
