package io.giftorders.live;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One event as it goes over the wire. Made once, and written to any number of watchers without being copied: its bytes lie
 * outside the heap, where the network reads them, and go with the garbage.
 */
public final class Frame {

    private final long edition;
    private final ByteBuf bytes;

    private Frame(long edition, byte[] text) {
        this.edition = edition;
        this.bytes = Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(
                ByteBuffer.allocateDirect(text.length).put(text).flip()));
    }

    /**
     * An event.
     *
     * @param edition what a watcher has seen once it has this; see {@link View#after}
     * @param name of the event
     * @param id what a client sends as {@code Last-Event-ID} when it comes back, or null
     * @param data one line of UTF-8, such as JSON
     */
    public static Frame event(long edition, String name, @Nullable String id, byte[] data) {
        String head = (id == null ? "" : "id: " + id + "\n") + "event: " + name + "\ndata: ";
        byte[] before = head.getBytes(StandardCharsets.UTF_8);
        byte[] text = new byte[before.length + data.length + 2];
        System.arraycopy(before, 0, text, 0, before.length);
        System.arraycopy(data, 0, text, before.length, data.length);
        text[text.length - 2] = '\n';
        text[text.length - 1] = '\n';
        return new Frame(edition, text);
    }

    /** Something that is no event, such as a comment. */
    static Frame line(String line) {
        return new Frame(0, (line + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    long edition() {
        return edition;
    }

    /** The same bytes, to be read by one watcher. Need not be released. */
    ByteBuf toWrite() {
        return bytes.duplicate();
    }

    /** As it goes over the wire, for whoever debugs or tests. */
    @Override
    public String toString() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
