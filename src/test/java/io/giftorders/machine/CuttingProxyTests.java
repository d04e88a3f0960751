package io.giftorders.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CuttingProxyTests {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private ServerSocket server;
    private CuttingProxy proxy;

    @BeforeEach
    void open() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        proxy = new CuttingProxy(server.getLocalPort());
        threads.execute(this::echo);
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
        threads.shutdownNow();
    }

    /** Sends back every byte, on every connection. */
    private void echo() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                threads.execute(() -> echo(client));
            } catch (IOException closed) {
                // the loop's condition tells
            }
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException cut) {
            // as it is meant
        }
    }

    @Test
    void whatIsSentPassesBothWays() throws IOException {
        try (Socket client = connect()) {
            assertThat(echoOf(client, 7)).isEqualTo(7);
        }
    }

    @Test
    void cuttingEndsTheConnectionsThereAreAndNewOnesWork() throws IOException {
        try (Socket before = connect()) {
            assertThat(echoOf(before, 1)).isEqualTo(1);

            proxy.cutAll();

            assertThatIsCut(before);
            try (Socket again = connect()) {
                assertThat(echoOf(again, 2)).isEqualTo(2);
            }
        }
    }

    @Test
    void whatIsSlowedDownTakesLongerInBothDirectionsUntilItIsNot() throws IOException {
        try (Socket client = connect()) {
            proxy.delay(Duration.ofMillis(400));
            assertThat(timeOfEcho(client)).isGreaterThanOrEqualTo(Duration.ofMillis(800));

            proxy.delay(Duration.ZERO);
            assertThat(timeOfEcho(client)).isLessThan(Duration.ofMillis(400));
        }
    }

    @Test
    void theNextQueryWithTheWordsWaitsForWhatHappensMeanwhile() throws IOException {
        AtomicInteger happened = new AtomicInteger();
        try (Socket client = connect()) {
            proxy.beforeNext("\u0005", happened::incrementAndGet);

            assertThat(echoOf(client, 4)).isEqualTo(4);
            assertThat(happened).hasValue(0);
            assertThat(echoOf(client, 5)).isEqualTo(5);
            assertThat(happened).hasValue(1);
            assertThat(echoOf(client, 5)).isEqualTo(5);
            assertThat(happened).hasValue(1);
        }
    }

    @Test
    void aConnectionEndsIfTheServerIsAway() throws IOException {
        server.close();

        try (Socket client = connect()) {
            assertThatIsCut(client);
        }
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setTcpNoDelay(true);
        client.setSoTimeout(10_000);
        return client;
    }

    private static int echoOf(Socket client, int sent) throws IOException {
        client.getOutputStream().write(sent);
        return client.getInputStream().read();
    }

    private static Duration timeOfEcho(Socket client) throws IOException {
        long start = System.nanoTime();
        assertThat(echoOf(client, 3)).isEqualTo(3);
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Ends, or is reset; what it is not is silent. */
    private static void assertThatIsCut(Socket client) {
        assertThatThrownBy(() -> {
                    if (client.getInputStream().read() == -1) {
                        throw new IOException("ended");
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageNotContaining("timed out");
    }
}
