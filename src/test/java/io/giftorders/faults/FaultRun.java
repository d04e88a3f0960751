package io.giftorders.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.localalipay.Fault;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.payment.Books;
import io.giftorders.payment.BusyDay;
import io.giftorders.payment.Crowd;
import io.giftorders.payment.Doors;
import io.giftorders.payment.HastyService;
import io.giftorders.payment.Pauses;
import io.giftorders.payment.Promises;
import io.giftorders.payment.Settling;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.util.FileSystemUtils;

/**
 * A shop of its own under load, to which a plan happens. Use it in this order: {@link #run}, {@link #settle},
 * {@link #mustBeRight}, {@link #close}. What was heard and logged is kept in the directory.
 */
final class FaultRun implements AutoCloseable {

    private static final LocalAlipay ALIPAY = LocalAlipay.shared();

    /** Chosen: every kind of call is among so many. */
    private static final int ENOUGH_AFTERWARDS = 60;

    private static final Duration LONGEST_RECOVERY = Duration.ofMinutes(1);
    private static final Duration KEEPER_LOOKS_EVERY = Duration.ofMillis(250);

    private final Plan plan;
    private final TestDatabase server;
    private final Path directory;
    private final String databaseUrl;
    private final Map<String, String> environment;
    private final Instant since = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final List<Instance> instances;
    private final Doors doors;
    private final AnswerLog answers;
    private final Promises promises = new Promises();
    private final Map<Long, Integer> gifts = new LinkedHashMap<>();
    private final BusyDay day;
    private @Nullable Shop books;

    /** Some disasters last: each has a thread when its time comes. */
    private final ScheduledThreadPoolExecutor fate =
            new ScheduledThreadPoolExecutor(24, new CustomizableThreadFactory("fate-"));

    FaultRun(Plan plan, TestDatabase server, Path directory) {
        this.plan = plan;
        this.day = new BusyDay(plan.seed());
        fate.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        this.server = server;
        this.directory = directory;
        String url = server.url("faults_" + System.nanoTime());
        Shop.create(server, url);
        this.databaseUrl = url.substring(0, url.indexOf('?'));
        this.environment = HastyService.environment(server, databaseUrl);
        environment.put("GIFT_ORDERS_PLACEMENT_RESOLVE_FOR", plan.resolveFor().toSeconds() + "s");
        int port = (int) ConnectionFactoryOptions.parse(databaseUrl).getRequiredValue(ConnectionFactoryOptions.PORT);
        empty(directory);
        this.instances = IntStream.rangeClosed(1, plan.instances())
                .mapToObj(number -> new Instance(number, directory, environment, databaseUrl, port))
                .toList();
        this.doors = new Doors(instances.stream().map(Instance::address).toList());
        this.answers = new AnswerLog(doors, directory.resolve("answers.csv"));
    }

    private static void empty(Path directory) {
        try {
            FileSystemUtils.deleteRecursively(directory);
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Lets the load and the plan loose; comes back when both are over and everything works again. */
    void run() {
        instances.forEach(Instance::untilReady);
        Crowd crowd = crowd();
        Site site = new Site(server, instances, ALIPAY, crowd);
        ALIPAY.faults().add(Fault.PARTIAL_REFUND_NOTICES);
        ALIPAY.faults().add(Fault.CLOSE_NOTICES);
        var unused = fate.scheduleWithFixedDelay(
                () -> instances.forEach(Instance::keepRunning),
                0,
                KEEPER_LOOKS_EVERY.toMillis(),
                TimeUnit.MILLISECONDS);

        day.begin(crowd::buy, random -> operate(crowd, random));
        List<CompletableFuture<?>> disasters = happen(site);
        Pauses.millis(plan.length().toMillis());
        disasters.forEach(CompletableFuture::join);
        instances.forEach(Instance::makeWell);
        ALIPAY.faults().reset();
        mustGoOn();
        day.end();
    }

    private Crowd crowd() {
        List<Long> ids = new ArrayList<>();
        // one there is plenty of, the hot one, one with a limit; then those that carts are drawn from
        for (String gift : List.of(
                "1000000", "40", "100000, \"limit_per_user\": 6", "10000", "10000", "10000", "10000", "10000")) {
            ids.add(gift(gift));
        }
        return new Crowd(ALIPAY, doors, answers, promises, day.later(), HastyService.PAY_WITHIN, ids);
    }

    private long gift(String stock) {
        String json = "{\"name\": \"Tea set\", \"price\": \"9.90\", \"stock\": " + stock + "}";
        Answer answer = doors.insist(HttpMethod.POST, "/gifts", Shop.operator(), json, null)
                .orElseThrow();
        long id = Long.parseLong(String.valueOf(answer.body().get("id")));
        gifts.put(id, Integer.parseInt(stock.split(",", 2)[0]));
        return id;
    }

    private void operate(Crowd crowd, Random random) {
        List<String> orders = promises.payable();
        if (!orders.isEmpty()) {
            crowd.operate(orders.get(random.nextInt(orders.size())), random);
        }
    }

    private List<CompletableFuture<?>> happen(Site site) {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (Plan.Event event : plan.events()) {
            Executor when = disaster -> {
                var unused = fate.schedule(disaster, event.at().toMillis(), TimeUnit.MILLISECONDS);
            };
            all.add(CompletableFuture.runAsync(() -> event.disaster().strike(site), when));
        }
        return all;
    }

    /** A shop that only survives is no shop. */
    private void mustGoOn() {
        int enough = promises.count() + ENOUGH_AFTERWARDS;
        Shop.await(LONGEST_RECOVERY, () -> promises.count() >= enough);
    }

    private static boolean ends(ExecutorService work) {
        try {
            return work.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** Waits until the service has done everything that is due, and stops it. */
    void settle() {
        books = Shop.resting(server, databaseUrl);
        Crowd messenger =
                new Crowd(ALIPAY, doors, answers, promises, fate, HastyService.PAY_WITHIN, List.copyOf(gifts.keySet()));
        Settling.settle(books, ALIPAY, messenger, instances.get(0).address());
        fate.shutdown();
        // a keeper that still looks would start again what is stopped here
        assertThat(ends(fate)).as("nothing happens any more").isTrue();
        instances.forEach(Instance::end);
    }

    /** Looks at the database, past all proxies; there once the shop has settled. */
    Shop books() {
        return Objects.requireNonNull(books);
    }

    Promises promises() {
        return promises;
    }

    AnswerLog answers() {
        return answers;
    }

    /** Fails with everything that is wrong in the books, at Alipay, in the promises and in the logs. */
    void mustBeRight() {
        BooksCheck check = BooksCheck.run(environment, answers.file(), since, directory.resolve("check-books.txt"));
        assertThat(check.status()).as(check.output()).isZero();
        Books expected = Books.of(books());
        for (Map.Entry<Long, Integer> gift : gifts.entrySet()) {
            expected = expected.with(gift.getKey(), gift.getValue());
        }
        expected.mustBalanceWith(ALIPAY);
        promises.mustBeKept(books(), ALIPAY);
        assertThat(instances).flatExtracting(Instance::wrongEnds).isEmpty();
        assertThat(logs()).isNotEmpty().allSatisfy(FaultRun::mustBeOrdinary);
    }

    private static void mustBeOrdinary(String log) {
        assertThat(log)
                .doesNotContain("\tat ")
                // a token; a signature
                .doesNotContain("eyJ")
                .doesNotContain("sign=");
        assertThat(log.lines().filter(line -> line.contains(" ERROR ")))
                .as("a start without a database is all that may fail")
                .allMatch(line -> line.contains("LoggingFailureAnalysisReporter"));
    }

    private List<String> logs() {
        instances.forEach(Instance::close);
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .map(FaultRun::read)
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        day.close();
        ALIPAY.faults().reset();
        fate.shutdown();
        // what is frozen or away comes back: the database is the next run's
        var unused = ends(fate);
        instances.forEach(Instance::close);
        answers.close();
        if (books != null) {
            books.close();
        }
    }
}
