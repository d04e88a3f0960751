package io.giftorders.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.giftorders.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packaged service, its database and every connection between them fail as a seed draws it, while buyers buy. Once all is
 * well again the books balance, and everything that anyone was told is true. Seeds: {@link Seeds}.
 */
class FaultRunsIT {

    private static final Path RUNS = Path.of("target", "fault-runs");

    static LongStream seeds() {
        return Seeds.asked();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theBooksBalanceWhateverFails(long seed) throws IOException {
        Plan plan = Plan.of(seed);
        System.out.println(plan);
        Path directory = RUNS.resolve(Long.toString(seed));
        try (FaultRun run = new FaultRun(plan, Server.DATABASE, directory)) {
            Files.writeString(directory.resolve("plan.txt"), plan + "\n");
            run.run();
            run.settle();
            run.mustBeRight();
            System.out.println("seed " + seed + ": right after " + run.promises() + ", outcome unknown "
                    + run.answers().unknown() + " times");
        } catch (Throwable failure) {
            throw new AssertionError(
                    "seed " + seed + " fails; its logs are in " + directory + ". Repeat it: mvn verify -Pfaults -D"
                            + Seeds.PROPERTY + "=" + seed,
                    failure);
        }
    }

    @Test
    void aRunFailsIfAnAcknowledgedOrderIsGone() {
        try (FaultRun run = new FaultRun(Plan.calm(1, Duration.ofSeconds(1)), Server.DATABASE, RUNS.resolve("calm"))) {
            run.run();
            run.settle();
            run.mustBeRight();
            String order = run.promises().payable().get(0);
            run.books().sql("DELETE FROM orders WHERE order_code = " + order);

            assertThatThrownBy(run::mustBeRight)
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("lost-order\t" + order);
        }
    }

    /** Of its own, as it is killed; started once. */
    private static final class Server {

        static final TestDatabase DATABASE = TestDatabase.start(Path.of("target", "fault-database"));

        private Server() {}
    }
}
