package io.giftorders.live;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The watchers of one event loop. It is woken once for all of them; and because it serves orders too, it writes to a few
 * at a time and looks after its connections in between.
 */
final class Home {

    /** Chosen: a write takes some 10 µs, so an order waits less than a millisecond for these. */
    private static final int AT_A_TIME = 32;

    /** The shortest that lets the loop look after its connections. */
    private static final long PAUSE_MILLIS = 1;

    private final EventLoop loop;
    private final List<Watcher> watchers = new ArrayList<>();

    Home(EventLoop loop) {
        this.loop = loop;
    }

    void add(Watcher watcher) {
        watcher.place = watchers.size();
        watchers.add(watcher);
    }

    /** The last one takes its place. */
    void remove(Watcher watcher) {
        Watcher last = watchers.remove(watchers.size() - 1);
        if (last != watcher) {
            watchers.set(watcher.place, last);
            last.place = watcher.place;
        }
    }

    /** @param write does something to a watcher and says whether it wrote to it */
    void each(Predicate<Watcher> write) {
        loop.execute(() -> fewFrom(Integer.MAX_VALUE, write));
    }

    /** From the last to the first: whoever takes the place of one that leaves has had its turn. */
    @SuppressWarnings("FutureReturnValueIgnored") // the rest is written some time
    private void fewFrom(int start, Predicate<Watcher> write) {
        int written = 0;
        for (int next = Math.min(start, watchers.size() - 1); next >= 0; next--) {
            // a watcher that is ended leaves, and others may leave with it
            if (next < watchers.size() && write.test(watchers.get(next)) && ++written == AT_A_TIME) {
                int rest = next - 1;
                loop.schedule(() -> fewFrom(rest, write), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
                return;
            }
        }
    }
}
