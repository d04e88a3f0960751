package io.giftorders.faults;

import io.giftorders.shop.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What {@code java -jar gift-orders.jar --check-books} found.
 *
 * @param status 0 balanced, 1 not, 2 could not check
 * @param output a line a difference, then a summary
 */
record BooksCheck(int status, String output) {

    /** Chosen: some seconds on a machine that has nothing else to do. */
    private static final int LONGEST_SECONDS = 120;

    /**
     * @param environment of a service on the same database
     * @param answers what buyers were told
     * @param file gets the output
     */
    static BooksCheck run(Map<String, String> environment, Path answers, Instant since, Path file) {
        String java = ProcessHandle.current().info().command().orElse("java");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        java,
                        ServiceProcess.QUICK_START,
                        "-jar",
                        Path.of("target", "gift-orders.jar").toString(),
                        "--check-books",
                        "--answers=" + answers,
                        "--since=" + since))
                .redirectErrorStream(true)
                .redirectOutput(file.toFile());
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        try {
            Process process = builder.start();
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the books are not checked in " + LONGEST_SECONDS + " s");
            }
            return new BooksCheck(process.exitValue(), Files.readString(file));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
