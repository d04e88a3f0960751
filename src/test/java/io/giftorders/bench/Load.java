package io.giftorders.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Orders sent by wrk.
 *
 * @param connections connections, at least 1
 * @param gifts orders are drawn from the gifts 1 to this number
 * @param lines different gifts in an order
 * @param keys whether every order has an Idempotency-Key of its own
 * @param count pieces of each; with 0 the cart is refused when it is read
 * @param rate requests a second; with 0 each connection sends the next as soon as it has its answer
 */
record Load(int connections, int gifts, int lines, boolean keys, int count, int rate) {

    private static final String RESOURCE = "/bench/orders.lua";
    private static final Path SCRIPT = script();

    /** At a rate, wrk looks at every connection's clock again and again, and would take a core from what it measures. */
    private static final List<String> POLITELY = List.of("nice", "-n", "10");

    /** One hot gift, with everything a client sends. */
    static Load hotGift(int connections) {
        return new Load(connections, 1, 1, true, 1, 0);
    }

    Load withGifts(int number) {
        return new Load(connections, number, lines, keys, count, rate);
    }

    Load withLines(int number) {
        return new Load(connections, gifts, number, keys, count, rate);
    }

    Load withConnections(int number) {
        return new Load(number, gifts, lines, keys, count, rate);
    }

    /** The same requests but for the count, which is refused: what the server can do without a database. */
    Load withoutDatabase() {
        return new Load(connections, gifts, lines, keys, 0, rate);
    }

    /** What one of several instances gets of it. */
    Load share(int instances) {
        return new Load(connections / instances, gifts, lines, keys, count, rate / instances);
    }

    Load atRate(int perSecond) {
        return new Load(connections, gifts, lines, keys, count, perSecond);
    }

    /**
     * Starts sending to an address.
     *
     * @param url where orders are posted
     * @param tokens file of tokens, one a line; empty for a peer that takes X-Uid
     */
    Running start(String url, String tokens, int seconds) {
        List<String> command = new ArrayList<>(
                List.of("wrk", "-t1", "-c" + connections, "-d" + seconds + "s", "-s", SCRIPT.toString(), url));
        if (rate > 0) {
            command.addAll(0, POLITELY);
        }
        ProcessBuilder wrk = new ProcessBuilder(command).redirectErrorStream(true);
        wrk.environment()
                .putAll(Map.of(
                        "GIFTS", Integer.toString(gifts),
                        "LINES", Integer.toString(lines),
                        "KEYS", keys ? "1" : "0",
                        "COUNT", Integer.toString(count),
                        "RATE", Integer.toString(rate),
                        "CONNECTIONS", Integer.toString(connections)));
        if (!tokens.isEmpty()) {
            wrk.environment().put("TOKENS", tokens);
        }
        try {
            return new Running(wrk.start());
        } catch (IOException noWrk) {
            throw new UncheckedIOException("wrk is needed: apt-get install wrk", noWrk);
        }
    }

    /** Once: loads that start together read it at the same time. */
    private static Path script() {
        Path script = Path.of("target", "orders.lua");
        try (InputStream text = Objects.requireNonNull(Load.class.getResourceAsStream(RESOURCE), RESOURCE)) {
            Files.write(script, text.readAllBytes());
            return script;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A load under way. */
    record Running(Process wrk) {

        Answers await() {
            try {
                List<String> output = wrk.inputReader().lines().toList();
                int status = wrk.waitFor();
                return output.stream()
                        .filter(line -> line.startsWith("RESULT "))
                        .findFirst()
                        .map(Answers::read)
                        .orElseThrow(() -> new IllegalStateException("wrk ended with " + status + ": " + output));
            } catch (InterruptedException interrupted) {
                wrk.destroy();
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }
}
