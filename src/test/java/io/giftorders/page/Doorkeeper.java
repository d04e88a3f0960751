package io.giftorders.page;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Between a browser and the service, as a proxy or a bad network is. Pages pass at any time; API calls pass, or get what
 * the test says: an answer of the doorkeeper's own, none ever, or a broken connection.
 */
final class Doorkeeper implements AutoCloseable {

    private enum Mood {
        PASS,
        ANSWER,
        STALL,
        HANG_UP
    }

    private final ServerSocket door;
    private final URI behind;
    private final ExecutorService guests = Executors.newCachedThreadPool();
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private volatile Mood mood = Mood.PASS;
    private volatile byte[] answer = {};

    private Doorkeeper(ServerSocket door, URI behind) {
        this.door = door;
        this.behind = behind;
    }

    static Doorkeeper before(String address) {
        try {
            Doorkeeper keeper =
                    new Doorkeeper(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), URI.create(address));
            keeper.guests.execute(keeper::receive);
            return keeper;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    String address() {
        return "http://127.0.0.1:" + door.getLocalPort();
    }

    void letPass() {
        mood = Mood.PASS;
        heads.clear();
    }

    void hangUp() {
        mood = Mood.HANG_UP;
    }

    void stall() {
        mood = Mood.STALL;
    }

    /** @param head status line and headers, each with its line's end */
    void answer(String head, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        answer = (head + "Content-Length: " + bytes.length + "\r\nConnection: close\r\n\r\n" + body)
                .getBytes(StandardCharsets.UTF_8);
        mood = Mood.ANSWER;
    }

    /** The heads of the API calls that came since {@link #letPass}. */
    List<String> heads() {
        return heads;
    }

    private void receive() {
        while (!door.isClosed()) {
            try {
                Socket guest = door.accept();
                guests.execute(() -> serve(guest));
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** One request to a connection. */
    private void serve(Socket guest) {
        try (guest) {
            InputStream in = new BufferedInputStream(guest.getInputStream());
            String head = head(in);
            if (head.isEmpty()) {
                return;
            }
            boolean page = head.matches("(?s)GET /(assets/|reference|sign-in|dev/|openapi|favicon| ).*");
            if (!page) {
                heads.add(head);
            }
            switch (page ? Mood.PASS : mood) {
                case PASS -> pass(guest, in, head);
                case ANSWER -> guest.getOutputStream().write(answer);
                case STALL -> in.read();
                case HANG_UP -> {
                    // closed below
                }
            }
        } catch (IOException gone) {
            // either side may go at any time
        }
    }

    private void pass(Socket guest, InputStream in, String head) throws IOException {
        try (Socket service = new Socket(behind.getHost(), behind.getPort())) {
            String closing = head.replaceFirst("(?i)\r\nConnection: [^\r]*", "")
                    .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
            service.getOutputStream().write(closing.getBytes(StandardCharsets.ISO_8859_1));
            service.getOutputStream().write(in.readNBytes(contentLength(head)));
            service.getInputStream().transferTo(guest.getOutputStream());
        }
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15))
                .mapToInt(line -> Integer.parseInt(line.substring(15).trim()))
                .findFirst()
                .orElse(0);
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int one;
        while ((one = in.read()) >= 0) {
            head.write(one);
            if (head.size() >= 4 && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                break;
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        guests.shutdownNow();
        try {
            door.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
