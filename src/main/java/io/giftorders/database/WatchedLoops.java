package io.giftorders.database;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;

/**
 * Event loops of the database connections. A connection on them closes itself when the server has owed an answer for too
 * long: the driver waits for ever, and a frozen server or a lost network path would keep a connection of the pool with it.
 * In the middle of an answer the server owes nothing that could be told from here: a lost path is noticed by TCP, a server
 * that freezes just then by those who wait for it.
 */
final class WatchedLoops implements LoopResources {

    /**
     * A path that is lost in the middle of an answer is noticed after 10 + 3 * 5 seconds; by itself Linux waits for two hours.
     * Of the two kinds of channels each knows its own options and passes over the others.
     */
    private static final Map<ChannelOption<Integer>, Integer> KEEP_ALIVE = Map.of(
            EpollChannelOption.TCP_KEEPIDLE,
            10,
            EpollChannelOption.TCP_KEEPINTVL,
            5,
            EpollChannelOption.TCP_KEEPCNT,
            3,
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE),
            10,
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
            5,
            NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT),
            3);

    private final LoopResources loops = LoopResources.create("database");
    private final Duration maxSilence;

    WatchedLoops(Duration maxSilence) {
        this.maxSilence = maxSilence;
    }

    @Override
    public <CHANNEL extends Channel> CHANNEL onChannel(Class<CHANNEL> type, EventLoopGroup group) {
        CHANNEL channel = loops.onChannel(type, group);
        KEEP_ALIVE.forEach((option, value) -> channel.config().setOption(option, value));
        channel.pipeline().addLast(new SilenceHandler(maxSilence));
        return channel;
    }

    @Override
    public <CHANNEL extends Channel> Class<? extends CHANNEL> onChannelClass(
            Class<CHANNEL> type, EventLoopGroup group) {
        return loops.onChannelClass(type, group);
    }

    @Override
    public EventLoopGroup onClient(boolean useNative) {
        return loops.onClient(useNative);
    }

    @Override
    public EventLoopGroup onServer(boolean useNative) {
        return loops.onServer(useNative);
    }

    @Override
    public EventLoopGroup onServerSelect(boolean useNative) {
        return loops.onServerSelect(useNative);
    }

    @Override
    public boolean daemon() {
        return true;
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
        return loops.disposeLater(quietPeriod, timeout);
    }

    @Override
    public void dispose() {
        loops.dispose();
    }

    /** The server owes an answer from the moment something is sent, or the connection opens, until it sends something. */
    @SuppressWarnings("FutureReturnValueIgnored") // who writes holds the promise; a close that fails has closed
    private static final class SilenceHandler extends ChannelDuplexHandler {

        private final long maxSilenceNanos;
        private @Nullable Future<?> alarm;
        private long owedSince;
        private boolean owed;

        SilenceHandler(Duration maxSilence) {
            this.maxSilenceNanos = maxSilence.toNanos();
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            alarm = context.executor()
                    .scheduleAtFixedRate(
                            () -> closeIfSilent(context), maxSilenceNanos, maxSilenceNanos / 8, TimeUnit.NANOSECONDS);
            owe();
            context.fireChannelActive();
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            if (!owed) {
                owe();
            }
            context.write(message, promise);
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            owed = false;
            context.fireChannelRead(message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            if (alarm != null) {
                alarm.cancel(false);
            }
            context.fireChannelInactive();
        }

        private void owe() {
            owed = true;
            owedSince = System.nanoTime();
        }

        private void closeIfSilent(ChannelHandlerContext context) {
            if (owed && System.nanoTime() - owedSince > maxSilenceNanos) {
                context.close();
            }
        }
    }
}
