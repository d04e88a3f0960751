package io.giftorders.bench;

import io.giftorders.database.TestDatabase;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Programs that need a database, and leave nothing running: not after a failure, and not when they are interrupted. The
 * database is an embedded one, even where Docker runs: its processor time is measured, so it must be a process of theirs.
 */
final class Program {

    private static final Logger log = LoggerFactory.getLogger(Program.class);

    private Program() {}

    /**
     * Ends this JVM, with 1 after a failure.
     *
     * @param directory under {@code target}, of the database
     */
    static void run(String directory, Consumer<TestDatabase> work) {
        // services, loads and the database are processes of their own
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroy), "end"));
        TestDatabase server = TestDatabase.embedded(Path.of("target", directory));
        boolean done = false;
        try {
            work.accept(server);
            done = true;
        } catch (RuntimeException failure) {
            log.error("not done", failure);
        } finally {
            server.end();
        }
        // the local Alipay would keep the program alive
        System.exit(done ? 0 : 1);
    }
}
