package io.giftorders.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Connections that do nothing, or send a request a byte at a time. All are held by the caller's thread. */
public final class SlowClients implements AutoCloseable {

    private final List<Client> clients = new ArrayList<>();
    private final InetSocketAddress address;

    /** @param shop its address, such as {@code http://127.0.0.1:8080} */
    public SlowClients(URI shop) {
        this.address = new InetSocketAddress(shop.getHost(), shop.getPort());
    }

    /** Opens connections that have sent the beginning of a request: none of it for an idle one. */
    public void open(int connections, String beginning) {
        for (int i = 0; i < connections; i++) {
            clients.add(new Client(address, beginning));
        }
    }

    /** Each sends some more of it. */
    public void send(String more) {
        clients.forEach(client -> client.send(more));
    }

    /** How many of them the server has not closed. */
    public int stillOpen() {
        return (int) clients.stream().filter(Client::isOpen).count();
    }

    @Override
    public void close() {
        clients.forEach(Client::close);
    }

    private static final class Client {

        private final SocketChannel channel;
        private final ByteBuffer answer = ByteBuffer.allocate(1024);
        private boolean open = true;

        Client(InetSocketAddress address, String beginning) {
            try {
                channel = SocketChannel.open(address);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                channel.configureBlocking(false);
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            send(beginning);
        }

        void send(String text) {
            try {
                if (open) {
                    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
                }
            } catch (IOException closed) {
                open = false;
            }
        }

        boolean isOpen() {
            try {
                if (open) {
                    open = channel.read(answer.clear()) >= 0;
                }
            } catch (IOException reset) {
                open = false;
            }
            return open;
        }

        void close() {
            try {
                channel.close();
            } catch (IOException gone) {
                // that is what was wanted
            }
        }
    }
}
