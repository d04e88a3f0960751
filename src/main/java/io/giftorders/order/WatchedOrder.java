package io.giftorders.order;

import io.giftorders.live.Frame;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** An order that somebody watches, as it was read last. */
final class WatchedOrder {

    private final JsonMapper json;
    private final long orderCode;
    private byte[] shown;
    private long edition;
    private @Nullable Frame frame;

    /** Those who watch it. Guarded by the {@link OrderFeed}'s map. */
    int watchers;

    WatchedOrder(JsonMapper json, Order order) {
        this.json = json;
        this.orderCode = order.orderCode();
        this.shown = json.writeValueAsBytes(order);
    }

    long orderCode() {
        return orderCode;
    }

    /** @return whether a buyer sees a difference */
    synchronized boolean update(Order now) {
        byte[] text = json.writeValueAsBytes(now);
        if (Arrays.equals(text, shown)) {
            return false;
        }
        shown = text;
        edition++;
        frame = null;
        return true;
    }

    synchronized @Nullable Frame after(long seen) {
        if (seen == edition) {
            return null;
        }
        if (frame == null) {
            frame = Frame.event(edition, "order", Long.toString(edition), shown);
        }
        return frame;
    }
}
