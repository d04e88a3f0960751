package io.giftorders.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Connections that watch the stock, in a process of their own so that what they cost can be told from what the service
 * does. Reads, counts and forgets. Uses the JDK alone.
 *
 * <p>As a program: the service's address and how many. Says when all are connected; a line on its input asks for the
 * counts; it ends with its input.
 */
final class WatcherProcess {

    private static final byte[] EVENT = "event: ".getBytes(StandardCharsets.US_ASCII);

    private final AtomicLong events = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicInteger open = new AtomicInteger();
    private final Selector selector;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);

    private WatcherProcess() throws IOException {
        this.selector = Selector.open();
    }

    public static void main(String[] arguments) throws IOException {
        WatcherProcess watchers = new WatcherProcess();
        watchers.connect(URI.create(arguments[0]), Integer.parseInt(arguments[1]));
        Thread reader = new Thread(watchers::read, "reader");
        reader.setDaemon(true);
        reader.start();
        System.out.println("connected");
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (questions.readLine() != null) {
            System.out.println(watchers.events + " " + watchers.reads + " " + watchers.open);
        }
    }

    private void connect(URI service, int number) throws IOException {
        InetSocketAddress address = new InetSocketAddress(service.getHost(), service.getPort());
        byte[] request = "GET /gifts/events HTTP/1.1\r\nHost: shop\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < number; i++) {
            SocketChannel channel = SocketChannel.open(address);
            channel.write(ByteBuffer.wrap(request));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            open.incrementAndGet();
        }
    }

    private void read() {
        try {
            while (true) {
                selector.select(this::read);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void read(SelectionKey watcher) {
        try {
            int length = ((SocketChannel) watcher.channel()).read(bytes.clear());
            if (length < 0) {
                gone(watcher);
            } else {
                reads.lazySet(reads.get() + 1);
                events.lazySet(events.get() + count(length));
            }
        } catch (IOException reset) {
            gone(watcher);
        }
    }

    /** An event is one write, so it comes as a whole. */
    private int count(int length) {
        int found = 0;
        int matched = 0;
        for (int i = 0; i < length; i++) {
            matched = bytes.get(i) == EVENT[matched] ? matched + 1 : 0;
            if (matched == EVENT.length) {
                found++;
                matched = 0;
            }
        }
        return found;
    }

    private void gone(SelectionKey watcher) {
        open.decrementAndGet();
        watcher.cancel();
        try {
            watcher.channel().close();
        } catch (IOException closed) {
            // that is what was wanted
        }
    }
}
