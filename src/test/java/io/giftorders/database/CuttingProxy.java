package io.giftorders.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/** Stands between the service and a real database server and cuts a connection at the worst moment: around COMMIT. */
public final class CuttingProxy implements AutoCloseable {

    /** What happens to the next COMMIT. */
    public enum Cut {
        NOTHING,
        /** The server never sees it. */
        BEFORE_COMMIT,
        /** The server commits, and nobody hears of it. */
        AFTER_COMMIT,
        /** As {@link #AFTER_COMMIT}, and nobody is or can get connected any more. */
        AFTER_COMMIT_AND_STAY_DOWN
    }

    /** A COM_QUERY packet with this text. */
    private static final String COMMIT = "\u0003COMMIT";

    private final ServerSocket listener;
    private final int serverPort;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "cutting-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NOTHING);
    private final Queue<Socket> clients = new ConcurrentLinkedQueue<>();
    private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();
    private volatile boolean down;

    public CuttingProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public void cutNextCommit(Cut cut) {
        next.set(cut);
    }

    /** From now on nothing passes on the connections there are, and nobody is told. New ones work. */
    public void freeze() {
        frozen.addAll(clients);
    }

    public void comeBack() {
        down = false;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (down) {
                    client.close();
                } else {
                    clients.add(client);
                    Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                    server.setTcpNoDelay(true);
                    client.setTcpNoDelay(true);
                    threads.execute(() -> forwardQueries(client, server));
                    threads.execute(() -> forward(server, client));
                }
            } catch (IOException closed) {
                // the proxy or the server is closed: the loop's condition tells
            }
        }
    }

    private void forwardQueries(Socket client, Socket server) {
        byte[] buffer = new byte[1 << 20];
        try (client;
                server) {
            InputStream queries = client.getInputStream();
            for (int length = queries.read(buffer); length > 0; length = queries.read(buffer)) {
                if (frozen.contains(client)) {
                    continue;
                }
                boolean commit = new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(COMMIT);
                Cut cut = commit ? next.getAndSet(Cut.NOTHING) : Cut.NOTHING;
                if (cut == Cut.BEFORE_COMMIT) {
                    return;
                }
                if (cut != Cut.NOTHING) {
                    if (cut == Cut.AFTER_COMMIT_AND_STAY_DOWN) {
                        down = true;
                        for (Socket other : clients) {
                            other.close();
                        }
                    }
                    client.close();
                    server.getOutputStream().write(Arrays.copyOf(buffer, length));
                    awaitAnswer();
                    return;
                }
                server.getOutputStream().write(buffer, 0, length);
            }
        } catch (IOException closed) {
            // either side hung up, which closes the other
        }
    }

    /** The answer goes to {@link #forward}, which finds its client gone. */
    private static void awaitAnswer() {
        try {
            Thread.sleep(300);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void forward(Socket from, Socket to) {
        byte[] buffer = new byte[1 << 16];
        try {
            InputStream input = from.getInputStream();
            for (int length = input.read(buffer); length > 0; length = input.read(buffer)) {
                to.getOutputStream().write(buffer, 0, length);
            }
            to.close();
        } catch (IOException closed) {
            // either side hung up
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        threads.shutdownNow();
    }
}
