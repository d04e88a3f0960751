package io.giftorders.bench;

import java.util.List;
import java.util.stream.Stream;

/** Another service that takes the same {@code POST}, with an {@code X-Uid} in place of a token. */
record Peer(String name, String url) {

    /** What {@code bench.peers} names: {@code name=URL}, with commas. */
    static List<Peer> named() {
        return Stream.of(System.getProperty("bench.peers", "").split(",", -1))
                .filter(peer -> !peer.isBlank())
                .map(peer -> peer.split("=", 2))
                .map(peer -> new Peer(peer[0], peer[1]))
                .toList();
    }

    void warmUp() {
        load(64, Cluster.WARM_UP_SECONDS);
    }

    /** Measures one hot gift. Only what the peer answers is known: not what it has in a database, nor what it costs. */
    Row measure(int connections, int seconds) {
        Answers answers = load(connections, seconds);
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
