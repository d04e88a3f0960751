package io.giftorders.gift;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A client that asks for the stock's events and does not read them, until it does. */
final class Idler implements AutoCloseable {

    private final SocketChannel channel;

    Idler(URI shop) {
        try {
            channel = SocketChannel.open();
            channel.connect(new InetSocketAddress(shop.getHost(), shop.getPort()));
            channel.write(ByteBuffer.wrap(
                    "GET /gifts/events HTTP/1.1\r\nHost: shop\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads all there is until a text comes. */
    String readUntil(String text) {
        StringBuilder heard = new StringBuilder();
        ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
        try {
            while (heard.indexOf(text, Math.max(0, heard.length() - (1 << 17))) < 0) {
                if (channel.read(bytes.clear()) < 0) {
                    throw new IllegalStateException("the stream ended after " + heard.length() + " bytes");
                }
                heard.append(StandardCharsets.ISO_8859_1.decode(bytes.flip()));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return heard.toString();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            // that is what was wanted
        }
    }
}
