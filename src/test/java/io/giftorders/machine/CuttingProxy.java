package io.giftorders.machine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a real server, cuts connections and slows them down. Before a database it also cuts at the worst moment,
 * around COMMIT, and lets something happen between two statements.
 */
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

    private static final Meanwhile NOTHING = new Meanwhile("", () -> {});

    private final ServerSocket listener;
    private final int serverPort;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "cutting-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final AtomicReference<Cut> next = new AtomicReference<>(Cut.NOTHING);
    private final AtomicReference<Meanwhile> meanwhile = new AtomicReference<>(NOTHING);
    private final AtomicReference<@Nullable String> lostQuery = new AtomicReference<>();
    private final AtomicReference<@Nullable String> lostAnswer = new AtomicReference<>();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
    private final Set<Socket> frozen = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Duration delay = Duration.ZERO;
    private volatile boolean down;

    public CuttingProxy(int serverPort) {
        this.serverPort = serverPort;
        try {
            this.listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        threads.execute(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** What clients sent so far, each counted once: they wait for the answer before they send the next. */
    public int requests() {
        return requests.get();
    }

    public void cutNextCommit(Cut cut) {
        next.set(cut);
    }

    /** The next query with these words waits until something else has happened. */
    public void beforeNext(String words, Runnable happening) {
        meanwhile.set(new Meanwhile(words, happening));
    }

    /** The next query with these words does not arrive, and nobody is or can get connected until {@link #comeBack}. */
    public void loseQuery(String words) {
        lostQuery.set(words);
    }

    /** The next answer with these words does not arrive, and nobody is or can get connected until {@link #comeBack}. */
    public void loseAnswer(String words) {
        lostAnswer.set(words);
    }

    /** From now on nothing passes on the connections there are, and nobody is told. New ones work. */
    public void freeze() {
        frozen.addAll(clients);
    }

    /** Ends every connection there is, whatever is under way on it. New ones work. */
    public void cutAll() {
        clients.forEach(CuttingProxy::hangUp);
    }

    /** From now on whatever passes, in either direction, takes so much longer; zero ends that. */
    public void delay(Duration longer) {
        delay = longer;
    }

    /** Ends every connection there is, and nobody gets connected until {@link #comeBack}. */
    public void goAway() {
        down = true;
        cutAll();
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
                    threads.execute(() -> connect(client));
                }
            } catch (IOException closed) {
                // the proxy is closed: the loop's condition tells
            }
        }
    }

    private void connect(Socket client) {
        clients.add(client);
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
            server.setTcpNoDelay(true);
            client.setTcpNoDelay(true);
            threads.execute(() -> forwardAnswers(server, client));
            forwardQueries(client, server);
        } catch (IOException closed) {
            // either side hung up, which closes the other; or the server is away
        } finally {
            clients.remove(client);
            frozen.remove(client);
        }
    }

    private void forwardQueries(Socket client, Socket server) throws IOException {
        byte[] buffer = new byte[1 << 16];
        InputStream queries = client.getInputStream();
        for (int length = queries.read(buffer); length > 0; length = queries.read(buffer)) {
            if (frozen.contains(client)) {
                continue;
            }
            requests.incrementAndGet();
            String query = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
            if (isLost(query, lostQuery)) {
                return;
            }
            letHappenBefore(query);
            Cut cut = query.contains(COMMIT) ? next.getAndSet(Cut.NOTHING) : Cut.NOTHING;
            if (cut == Cut.BEFORE_COMMIT) {
                return;
            }
            if (cut != Cut.NOTHING) {
                if (cut == Cut.AFTER_COMMIT_AND_STAY_DOWN) {
                    down = true;
                    cutAll();
                }
                client.close();
                server.getOutputStream().write(Arrays.copyOf(buffer, length));
                awaitAnswer();
                return;
            }
            pause(delay);
            server.getOutputStream().write(buffer, 0, length);
        }
    }

    private boolean isLost(String text, AtomicReference<@Nullable String> words) {
        String due = words.get();
        boolean lost = due != null && text.contains(due) && words.compareAndSet(due, null);
        if (lost) {
            goAway();
        }
        return lost;
    }

    private void letHappenBefore(String query) {
        Meanwhile due = meanwhile.get();
        if (query.contains(due.words) && meanwhile.compareAndSet(due, NOTHING)) {
            due.happening.run();
        }
    }

    /** The answer goes to {@link #forwardAnswers}, which finds its client gone. */
    private static void awaitAnswer() {
        pause(Duration.ofMillis(300));
    }

    private void forwardAnswers(Socket server, Socket client) {
        byte[] buffer = new byte[1 << 16];
        try (client) {
            InputStream answers = server.getInputStream();
            OutputStream output = client.getOutputStream();
            for (int length = answers.read(buffer); length > 0; length = answers.read(buffer)) {
                if (isLost(new String(buffer, 0, length, StandardCharsets.ISO_8859_1), lostAnswer)) {
                    return;
                }
                pause(delay);
                output.write(buffer, 0, length);
            }
        } catch (IOException closed) {
            // either side hung up
        }
    }

    private static void pause(Duration time) {
        if (time.isZero()) {
            return;
        }
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void hangUp(Socket socket) {
        try {
            socket.close();
        } catch (IOException gone) {
            // it is closed
        }
    }

    @Override
    public void close() {
        hangUpListener();
        cutAll();
        threads.shutdownNow();
    }

    private void hangUpListener() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** @param words of the query that waits for it */
    private record Meanwhile(String words, Runnable happening) {}
}
