package io.giftorders.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Ports for servers whose address must be known before they start, or stay the same when they start again. */
public final class Ports {

    /**
     * Chosen: below what Linux, macOS and Windows give to outgoing connections. One of those could otherwise take the port of
     * a server that is away for a moment; and a connection to a server that is away could meet itself.
     */
    private static final int FIRST = 23_000;

    private static final int COUNT = 1_000;

    /** Elsewhere in every JVM; within one, no port is given twice soon. */
    private static final AtomicInteger NEXT =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(COUNT));

    private Ports() {}

    public static int free() {
        while (true) {
            int port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // the next one
            }
        }
    }
}
