package io.giftorders.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpMethod;

/**
 * The packaged service under {@code kill -9}, at random points of the whole life of orders, with Alipay out of order too.
 * Whatever happened, once all is quiet every yuan has become goods or a refund.
 */
class PaymentCrashIT {

    private static final Logger log = LoggerFactory.getLogger(PaymentCrashIT.class);

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    /** Random unless told: a run cannot be repeated to the letter, but what people do in it can. */
    private static final long SEED = Long.getLong("gift-orders.test-seed", System.nanoTime());

    private static final int INSTANCES = 2;
    private static final int KILLS_OF_EACH = 3;
    private static final Duration QUIET_AFTER = Duration.ofMinutes(1);

    private final Queue<String> logs = new ConcurrentLinkedQueue<>();
    private final Queue<ServiceProcess> started = new ConcurrentLinkedQueue<>();
    private final ExecutorService fate = Executors.newFixedThreadPool(INSTANCES);

    @Test
    void everyYuanIsGoodsOrARefundHoweverOftenTheServiceIsKilled() {
        log.info("gift-orders.test-seed={}", SEED);
        String database = TestDatabase.freshUrl();
        Promises promises = new Promises();
        try (Shop books = Shop.resting(TestDatabase.shared(), database);
                BusyDay day = new BusyDay(SEED)) {
            long plenty = books.gift(1_000_000);
            long scarce = books.gift(30);
            long limited = books.gift(100_000, ", \"limit_per_user\": 6");
            List<ServiceProcess> instances = start(
                    HastyService.environment(TestDatabase.shared(), database.substring(0, database.indexOf('?'))));
            Doors doors =
                    new Doors(instances.stream().map(ServiceProcess::address).toList());
            Crowd crowd = new Crowd(
                    ALIPAY,
                    doors,
                    (uid, key, cart, random) -> doors.insist(HttpMethod.POST, "/orders", Shop.buyer(uid), cart, key),
                    promises,
                    day.later(),
                    HastyService.PAY_WITHIN,
                    List.of(plenty, scarce, limited));

            var unused = day.later()
                    .scheduleAtFixedRate(
                            new BadWeather(ALIPAY.faults(), new Random(SEED)), 100, 400, TimeUnit.MILLISECONDS);
            day.begin(crowd::buy, random -> paid(books).forEach(order -> crowd.operate(order, random)));
            List<ServiceProcess> survivors = killAndRestart(instances, promises);
            // money that comes once the service is gone would be in no books
            day.end();
            Settling.settle(books, ALIPAY, crowd, survivors.get(0).address());
            survivors.forEach(this::end);

            Books.of(books)
                    .with(plenty, 1_000_000)
                    .with(scarce, 30)
                    .with(limited, 100_000)
                    .mustBalanceWith(ALIPAY);
            promises.mustBeKept(books, ALIPAY);
            assertThat(statuses(books)).as(promises.toString()).contains(4, 5, 6);
            assertThat(logs).hasSize(INSTANCES * (KILLS_OF_EACH + 1)).allSatisfy(output -> assertThat(output)
                    .doesNotContain("\tat ")
                    .doesNotContain(" ERROR "));
        } finally {
            ALIPAY.faults().reset();
            fate.shutdownNow();
            started.forEach(ServiceProcess::close);
        }
    }

    private static List<String> paid(Shop books) {
        return books.database()
                .sql("SELECT order_code FROM orders WHERE status IN (2, 3, 4) ORDER BY RAND() LIMIT 5")
                .map(row -> String.valueOf(row.get(0, Long.class)))
                .all()
                .collectList()
                .block();
    }

    private List<ServiceProcess> start(Map<String, String> environment) {
        List<ServiceProcess> instances = new ArrayList<>();
        for (int instance = 0; instance < INSTANCES; instance++) {
            instances.add(ServiceProcess.start(environment, ServiceProcess.QUICK_START));
        }
        started.addAll(instances);
        return instances;
    }

    /** Each instance dies and comes back in its own time, so that at times there are two, one or none. */
    private List<ServiceProcess> killAndRestart(List<ServiceProcess> instances, Promises promises) {
        List<CompletableFuture<ServiceProcess>> lives = new ArrayList<>();
        for (ServiceProcess instance : instances) {
            Random random = new Random(SEED - lives.size());
            lives.add(CompletableFuture.supplyAsync(() -> dieAndLive(instance, random, promises), fate));
        }
        return lives.stream().map(CompletableFuture::join).toList();
    }

    private ServiceProcess dieAndLive(ServiceProcess first, Random random, Promises promises) {
        ServiceProcess instance = first.untilReady();
        for (int kill = 0; kill < KILLS_OF_EACH; kill++) {
            work(promises, 50 + random.nextInt(200));
            Pauses.millis(random.nextInt(500));
            end(instance);
            instance = instance.again();
            started.add(instance);
            instance.untilReady();
        }
        work(promises, 200);
        return instance;
    }

    /** A life is as long as what is done in it: a busy machine does less in a second. */
    private static void work(Promises promises, int more) {
        int enough = promises.count() + more;
        Shop.await(QUIET_AFTER, () -> promises.count() >= enough);
    }

    private void end(ServiceProcess instance) {
        instance.kill();
        logs.add(instance.output());
        instance.close();
    }

    private static List<Integer> statuses(Shop books) {
        return books.database()
                .sql("SELECT DISTINCT status FROM orders")
                .map(row -> row.get(0, Integer.class))
                .all()
                .collectList()
                .block();
    }
}
