package io.giftorders.bench;

import io.giftorders.database.TestDatabase;
import io.giftorders.identity.TestIssuer;
import io.giftorders.machine.CuttingProxy;
import io.giftorders.shop.ServiceProcess;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.r2dbc.core.DatabaseClient;

/** Instances of the packaged service on one empty database of a server, with a thousand gifts nobody can buy out. */
final class Cluster implements AutoCloseable {

    private static final int GIFTS = 1_000;
    private static final int BUYERS = 2_000;

    /** For one instance; several share the cores. Chosen: short. A slow machine is at full speed after 150 s only. */
    static final int WARM_UP_SECONDS = Integer.getInteger("bench.warm-up", 40);

    private static final Path TOKENS = Path.of("target", "bench-tokens.txt").toAbsolutePath();

    private final List<ServiceProcess> instances = new ArrayList<>();

    /** To a database that is away; none where it is here. */
    private final Optional<CuttingProxy> way;

    private final DatabaseClient database;
    private final ProcessHandle databaseProcess;

    /**
     * @param settings the service's, by environment
     * @param databaseAway how long a statement is under way to the database, and its answer back
     * @param options the JVM's
     */
    Cluster(
            TestDatabase server,
            String name,
            int size,
            Map<String, String> settings,
            Duration databaseAway,
            String... options) {
        String url = server.url(name);
        int port = (int) ConnectionFactoryOptions.parse(url).getRequiredValue(ConnectionFactoryOptions.PORT);
        this.way = databaseAway.isZero() ? Optional.empty() : Optional.of(new CuttingProxy(port));
        String databaseUrl = way.map(proxy -> url.replace(":" + port + "/", ":" + proxy.port() + "/"))
                .orElse(url);
        Map<String, String> environment = new HashMap<>(environment(server, databaseUrl));
        environment.putAll(settings);
        try {
            for (int i = 0; i < size; i++) {
                instances.add(ServiceProcess.start(environment, options).untilReady());
            }
            this.database = DatabaseClient.create(server.connections(url));
            this.databaseProcess = databaseProcess();
            putOnSale();
            tokens();
            load(Load.hotGift(64), WARM_UP_SECONDS * size);
            way.ifPresent(proxy -> proxy.delay(databaseAway));
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** What a service has to be told before it starts. */
    static Map<String, String> environment(TestDatabase server, String url) {
        return Map.of(
                "SPRING_R2DBC_URL", url,
                "SPRING_R2DBC_USERNAME", server.username(),
                "SPRING_R2DBC_PASSWORD", server.password(),
                "SPRING_SQL_INIT_MODE", "always",
                "SPRING_SECURITY_OAUTH2_RESOURCESERVER_JWT_PUBLIC_KEY_LOCATION",
                        TestIssuer.INSTANCE.publicKeyLocation());
    }

    private static ProcessHandle databaseProcess() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("/mariadbd"))
                .findFirst()
                .orElseThrow();
    }

    private void putOnSale() {
        String rows = IntStream.rangeClosed(1, GIFTS)
                .mapToObj(gift -> "(" + gift + ", 'Gift " + gift + "', 9.90, 1000000000)")
                .collect(Collectors.joining(","));
        database.sql("INSERT INTO gift (id, name, price, stock) VALUES " + rows)
                .then()
                .block();
    }

    /** File with the tokens of two thousand buyers, one a line. */
    static Path tokens() {
        try {
            if (!Files.exists(TOKENS) || Files.getLastModifiedTime(TOKENS).toMillis() < started()) {
                Files.write(
                        TOKENS,
                        IntStream.rangeClosed(1, BUYERS)
                                .mapToObj(TestIssuer.INSTANCE::buyer)
                                .toList());
            }
            return TOKENS;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Tokens are signed with a key that each run of this program makes anew. */
    private static long started() {
        return ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
    }

    /** Measures a load, shared by all instances, and checks what was answered against the database. */
    Row measure(String series, int x, Load load, int seconds) {
        long placedBefore = placed(load);
        Duration serviceBefore = serviceTime();
        Duration databaseBefore = time(databaseProcess);
        Answers answers = load(load, seconds);
        Duration service = serviceTime().minus(serviceBefore);
        Duration ofDatabase = time(databaseProcess).minus(databaseBefore);
        long placed = placed(load) - placedBefore;
        if (placed < answers.created() || placed > answers.created() + load.connections()) {
            throw new IllegalStateException(
                    "the database has " + placed + " orders more, and " + answers.created() + " were acknowledged");
        }
        double requests = load.count() == 0 ? answers.answersPerSecond() * answers.seconds() : placed;
        return new Row(
                series,
                x,
                requests / answers.seconds(),
                answers.p50(),
                answers.p99(),
                service.toNanos() / 1e3 / requests,
                ofDatabase.toNanos() / 1e3 / requests,
                answers.unavailable() / answers.seconds());
    }

    List<ServiceProcess> instances() {
        return List.copyOf(instances);
    }

    private Answers load(Load load, int seconds) {
        List<Load.Running> running = instances.stream()
                .map(instance ->
                        load.share(instances.size()).start(instance.address() + "/orders", TOKENS.toString(), seconds))
                .toList();
        return Answers.together(running.stream().map(Load.Running::await).toList());
    }

    /** Counted by the rows: sales are fewer again once orders have expired. */
    private long placed(Load load) {
        return Objects.requireNonNull(database.sql("SELECT COUNT(*) FROM order_item WHERE goods_id <= " + load.gifts())
                        .map(row -> row.get(0, Long.class))
                        .one()
                        .block())
                / load.lines();
    }

    private Duration serviceTime() {
        return instances.stream().map(ServiceProcess::processorTime).reduce(Duration.ZERO, Duration::plus);
    }

    private static Duration time(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    @Override
    public void close() {
        instances.forEach(ServiceProcess::close);
        way.ifPresent(CuttingProxy::close);
    }
}
