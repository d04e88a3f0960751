package io.giftorders.live;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;

/**
 * A client that holds a connection open and is shown what is new. Everything but a request or a cancel happens on the event
 * loop of its connection. Its own memory is a number: what it has seen.
 */
final class Watcher implements Publisher<DataBuffer>, Subscription {

    /** Chosen: after a break a client comes back when a page has had time to load elsewhere. */
    private static final Frame PREAMBLE = Frame.line("retry: 3000");

    private static final Frame HEARTBEAT = Frame.line(":");

    /** Chosen: a watcher that has taken nothing for so many heartbeats is not coming back. */
    private static final int PATIENT_BEATS = 4;

    private static final long LOOK_AGAIN_MILLIS = 500;

    private final Feed feed;
    private final View view;
    private final Instant until;
    private final Channel channel;
    private final NettyDataBufferFactory buffers;

    private @Nullable Subscriber<? super DataBuffer> subscriber;
    private long seen;
    private long demand;
    private int missedBeats;
    private boolean looksAgain;
    private boolean done;

    /** Where it stands in its {@link Home}. */
    int place = -1;

    Watcher(Feed feed, View view, long seen, Instant until, Channel channel, NettyDataBufferFactory buffers) {
        this.feed = feed;
        this.view = view;
        this.seen = seen;
        this.until = until;
        this.channel = channel;
        this.buffers = buffers;
    }

    EventLoop loop() {
        return channel.eventLoop();
    }

    @Override
    public void subscribe(Subscriber<? super DataBuffer> client) {
        onLoop(() -> open(client));
    }

    private void open(Subscriber<? super DataBuffer> client) {
        subscriber = client;
        view.opened();
        feed.add(this);
        client.onSubscribe(this);
        if (feed.isStopping() || !channel.isActive()) {
            // let in just before the others were ended; or its client has gone, which nobody will say again
            end();
        } else if (!done && demand > 0) {
            write(PREAMBLE);
            show();
        }
    }

    /** Writes what is new, if anything. @return whether something was written */
    boolean show() {
        if (done) {
            return false;
        }
        if (!hasRoom()) {
            lookAgain();
            return false;
        }
        Frame next = view.after(seen);
        if (next == null) {
            return false;
        }
        seen = next.edition();
        return write(next);
    }

    boolean beat() {
        if (done) {
            return false;
        }
        if (!Instant.now().isBefore(until)) {
            return end();
        }
        if (hasRoom()) {
            missedBeats = 0;
            return write(HEARTBEAT);
        }
        if (++missedBeats >= PATIENT_BEATS) {
            feed.gaveUp();
            // a connection that is closed already tells nobody that it is
            leave();
            close();
        }
        return false;
    }

    private boolean write(Frame frame) {
        demand--;
        if (subscriber != null) {
            subscriber.onNext(buffers.wrap(frame.toWrite()));
        }
        return true;
    }

    /** Beyond some 64 KB of waiting bytes a connection is not writable. */
    private boolean hasRoom() {
        return demand > 0 && channel.isWritable();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it looks some time
    private void lookAgain() {
        if (!looksAgain) {
            looksAgain = true;
            loop().schedule(
                            () -> {
                                looksAgain = false;
                                show();
                            },
                            LOOK_AGAIN_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    /** Ends the stream in good order; one whose client does not read would never end, and is cut. */
    boolean end() {
        if (!done) {
            boolean unread = channel.bytesBeforeUnwritable() < channel.config().getWriteBufferHighWaterMark();
            leave();
            if (unread) {
                close();
            } else if (subscriber != null) {
                subscriber.onComplete();
            }
        }
        return true;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails has closed
    private void close() {
        channel.close();
    }

    @Override
    public void request(long more) {
        onLoop(() -> {
            demand = Math.addExact(demand, Math.min(more, Integer.MAX_VALUE));
        });
    }

    /** The client has hung up. */
    @Override
    public void cancel() {
        onLoop(this::leave);
    }

    private void leave() {
        if (!done) {
            done = true;
            feed.remove(this);
            view.closed();
        }
    }

    private void onLoop(Runnable task) {
        if (loop().inEventLoop()) {
            task.run();
        } else {
            loop().execute(task);
        }
    }
}
