package io.giftorders.database;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;

/** A real database server: MySQL in a container where Docker runs, an embedded MariaDB where it does not. */
public interface TestDatabase {

    /** Set to {@code embedded} or {@code docker} to choose one of them; otherwise Docker is used where it runs. */
    String CHOICE = "gift-orders.test-database";

    /** Address of a database on this server, created when it is first connected to. */
    String url(String name);

    String username();

    String password();

    /** Opens connections to a database on this server. */
    default ConnectionFactory connections(String url) {
        return ConnectionFactories.get(ConnectionFactoryOptions.parse(url)
                .mutate()
                .option(ConnectionFactoryOptions.USER, username())
                .option(ConnectionFactoryOptions.PASSWORD, password())
                .build());
    }

    /** Ends the server as a power failure would. What it committed is on disk. */
    void kill();

    /** Starts the server again on the same data and the same port. */
    void restart();

    /** The server does nothing any more, and keeps its connections. */
    void freeze();

    /** The server goes on as if no time had passed. */
    void thaw();

    /**
     * Ends the server for good and removes its files. By itself it ends after the application of this JVM: a program that
     * runs none ends it with this.
     */
    void end();

    /** The server that the tests of this JVM share. */
    static TestDatabase shared() {
        return Shared.SERVER;
    }

    /** A server of the caller's own. It ends with this JVM, after the application. */
    static TestDatabase start(Path directory) {
        return usesDocker() ? new DockerMySql() : embedded(directory);
    }

    /** A server of the caller's own that is a process of this JVM's. It ends with this JVM, after the application. */
    static TestDatabase embedded(Path directory) {
        return new EmbeddedMariaDb(directory);
    }

    /** Address of an empty database on the shared server. */
    static String freshUrl() {
        return shared().url("test_" + Shared.DATABASES.incrementAndGet());
    }

    private static boolean usesDocker() {
        String choice = System.getProperty(CHOICE, "");
        return switch (choice) {
            case "" -> DockerClientFactory.instance().isDockerAvailable();
            case "docker" -> true;
            case "embedded" -> false;
            default -> throw new IllegalArgumentException(CHOICE + " is embedded or docker, not " + choice);
        };
    }

    /** Started when the first test asks for it. */
    final class Shared {
        private static final TestDatabase SERVER = start(Path.of("target", "test-database"));
        private static final AtomicInteger DATABASES = new AtomicInteger();

        private Shared() {}
    }
}
