package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a server can do to a call: nothing but fail it, soon. */
class TransportTests {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final GatewayStub gateway = new GatewayStub();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Transport transport = new Transport(SECOND, SECOND);
    private final AtomicInteger served = new AtomicInteger();

    @AfterEach
    void close() {
        gateway.close();
        threads.shutdownNow();
    }

    /** One byte each 100 ms meets any time-out for a single read. */
    @Test
    void aDrippingAnswerEndsAtTheTotalTimeOut() throws Exception {
        try (ServerSocket server = serve(socket -> {
            readRequest(socket);
            send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
            for (int sent = 0; sent < 100; sent++) {
                send(socket, "x");
                Thread.sleep(100);
            }
        })) {
            long start = System.nanoTime();

            assertThatThrownBy(() -> post(server)).isInstanceOf(HttpTimeoutException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(SECOND, SECOND.multipliedBy(3));
        }
    }

    @Test
    void aServerThatNeverAnswersEndsAtTheTotalTimeOut() throws Exception {
        try (ServerSocket server = serve(socket -> Thread.sleep(60_000))) {
            assertThatThrownBy(() -> post(server)).isInstanceOf(HttpTimeoutException.class);
        }
    }

    @Test
    void anAnswerTooLargeIsCutOff() throws Exception {
        try (ServerSocket server = serve(socket -> {
            readRequest(socket);
            send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n");
            for (int sent = 0; sent < 2 * Transport.MAX_ANSWER; sent += 1024) {
                send(socket, "x".repeat(1024));
                served.addAndGet(1024);
            }
            Thread.sleep(60_000);
        })) {
            assertThatThrownBy(() -> post(server)).hasMessageContaining("more than 1048576 bytes");
        }
    }

    /** The SDK's own transports, and most others, would send it again. */
    @Test
    void aCallIsSentOnceEvenIfItsConnectionBreaks() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket server = serve(socket -> {
            connections.incrementAndGet();
            while (readRequest(socket)) {
                if (served.incrementAndGet() == 2) {
                    return; // a reused connection, closed without an answer
                }
                send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        })) {
            assertThat(post(server)).isEqualTo("ok");
            assertThat(connections).hasValue(1);

            assertThatThrownBy(() -> post(server)).isInstanceOf(IOException.class);

            Thread.sleep(300);
            assertThat(served).hasValue(2);
            assertThat(connections).hasValue(1);
        }
    }

    @Test
    void aRedirectIsNotFollowed() {
        gateway.server().createContext("/elsewhere", exchange -> {
            served.incrementAndGet();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        for (int status : new int[] {301, 302, 303, 307, 308}) {
            gateway.server().createContext("/" + status, exchange -> {
                exchange.getResponseHeaders().set("Location", "/elsewhere");
                exchange.sendResponseHeaders(status, -1);
                exchange.close();
            });
            assertThatThrownBy(() -> post(gateway.url().replace("gateway.do", status + "")))
                    .hasMessage("status " + status);
        }
        assertThat(served).hasValue(0);
    }

    @Test
    void anAnswerThatIsNotOkIsNone() {
        gateway.server().createContext("/500", exchange -> {
            exchange.sendResponseHeaders(500, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
            exchange.close();
        });

        assertThatThrownBy(() -> post(gateway.url().replace("gateway.do", "500")))
                .isInstanceOf(IOException.class)
                .hasMessage("status 500");
    }

    @Test
    void aRefusedConnectionFailsAtOnce() throws Exception {
        ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        closed.close();

        assertThatThrownBy(() -> post(closed)).isInstanceOf(IOException.class);
    }

    /** The SDK would take the new certificate from an answer that nobody signed. */
    @Test
    void noCertificateIsFetchedForTheSdk() {
        gateway.answers("ok");

        assertThatThrownBy(() -> post(gateway.url() + "?method=alipay.open.app.alipaycert.download"))
                .isInstanceOf(IOException.class);

        assertThat(gateway.requests()).isEmpty();
    }

    @Test
    void parametersArriveInTheirCharsetAndMissingOnesDoNot() throws Exception {
        gateway.answers(request -> request.get("biz_content") + "|" + request.containsKey("nothing"));
        Map<String, String> parameters = new HashMap<>();
        parameters.put("biz_content", "礼物 & + %");
        parameters.put("nothing", null);

        assertThat(transport.doPost(gateway.url() + "?a=b", parameters, "utf-8", new HashMap<>()))
                .isEqualTo("礼物 & + %|false");
    }

    private String post(ServerSocket server) throws IOException {
        return post("http://127.0.0.1:" + server.getLocalPort() + "/gateway.do");
    }

    private String post(String url) throws IOException {
        return transport.doPost(url, Map.of("biz_content", "{}"), "utf-8", new HashMap<>());
    }

    private ServerSocket serve(Conversation conversation) throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    threads.execute(() -> talk(conversation, socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
        return server;
    }

    private static void talk(Conversation conversation, Socket socket) {
        try (socket) {
            conversation.with(socket);
        } catch (IOException | InterruptedException over) {
            // the client has gone, or the test has ended
        }
    }

    /** Whether there was one. */
    private static boolean readRequest(Socket socket) throws IOException {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        int length = 0;
        String line = lines.readLine();
        if (line == null) {
            return false;
        }
        for (; !line.isEmpty(); line = lines.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).trim());
            }
        }
        return lines.skip(length) == length;
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private interface Conversation {
        void with(Socket socket) throws IOException, InterruptedException;
    }
}
