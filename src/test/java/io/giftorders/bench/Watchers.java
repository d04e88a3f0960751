package io.giftorders.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Watchers of the stock, in a {@link WatcherProcess}. */
final class Watchers implements AutoCloseable {

    private final Process process;
    private final BufferedReader answers;
    private final BufferedWriter questions;

    private Watchers(Process process) {
        this.process = process;
        this.answers = process.inputReader();
        this.questions = process.outputWriter();
    }

    /** Connects them all. */
    static Watchers connect(String service, int number) {
        try {
            Watchers watchers = new Watchers(new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx64m",
                            "-XX:+UseSerialGC",
                            "-cp",
                            Path.of("target", "test-classes").toString(),
                            WatcherProcess.class.getName(),
                            service,
                            Integer.toString(number)))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
            if (!"connected".equals(watchers.answers.readLine())) {
                watchers.close();
                throw new IllegalStateException("no watchers: ulimit -n must be above " + number);
            }
            return watchers;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * What they have heard until now.
     *
     * @param reads how often something came: events, and heartbeats
     * @param open how many the service has not closed
     * @param processorTime of their process
     */
    record Heard(long events, long reads, int open, Duration processorTime) {}

    Heard heard() {
        try {
            questions.write("?\n");
            questions.flush();
            String[] counts = answers.readLine().split(" ", -1);
            return new Heard(
                    Long.parseLong(counts[0]),
                    Long.parseLong(counts[1]),
                    Integer.parseInt(counts[2]),
                    process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
