package io.giftorders.live;

import org.jspecify.annotations.Nullable;

/**
 * What is shown to watchers. A watcher takes what is new when its connection has room, so one that reads slowly skips to
 * the newest and nothing piles up for it.
 */
public interface View {

    /** Nothing was seen yet. */
    long NOTHING = -1;

    /**
     * What brings a watcher up to date in one event. Called on event loops, often: must not wait, and should hand out the
     * same frame to all who saw the same.
     *
     * @param seen the edition of the frame that the watcher had last, or what it came with
     * @return null where there is nothing new
     */
    @Nullable
    Frame after(long seen);

    /** A watcher has come. */
    default void opened() {}

    /** A watcher that came has gone. */
    default void closed() {}
}
