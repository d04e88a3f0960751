package io.giftorders.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * Another service that takes the same {@code POST}, with an {@code X-Uid} in place of a token.
 *
 * @param name for a table
 * @param url where orders are posted
 */
record Peer(String name, String url) {

    /** What {@code bench.peers} names: {@code name=URL}, with commas. */
    static final List<Peer> NAMED = Stream.of(
                    System.getProperty("bench.peers", "").split(",", -1))
            .filter(text -> !text.isBlank())
            .map(Peer::named)
            .toList();

    private static Peer named(String text) {
        String[] parts = text.split("=", 2);
        if (parts.length < 2) {
            throw new IllegalArgumentException("bench.peers takes name=URL, not " + text);
        }
        return new Peer(parts[0], parts[1]);
    }

    /** Fails if it takes no order: better now than after everything else was measured. */
    void probe() {
        measure(1, 3);
    }

    /** Loads it for {@code bench.warm-up} seconds. */
    void warmUp() {
        load(64, Cluster.WARM_UP_SECONDS);
    }

    /**
     * Measures one hot gift. Only what the peer answers is known: not what it has in a database, nor what it costs. Fails if
     * it takes no order.
     */
    Row measure(int connections, int seconds) {
        Answers answers = load(connections, seconds);
        if (answers.created() == 0) {
            throw new IllegalStateException(name + " took no order: " + answers);
        }
        return new Row(
                name,
                connections,
                answers.createdPerSecond(),
                answers.p50(),
                answers.p99(),
                0,
                0,
                answers.unavailable() / answers.seconds());
    }

    private Answers load(int connections, int seconds) {
        return new Load(connections, 1, 1, false, 1, 0).start(url, "", seconds).await();
    }
}
