package io.giftorders.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Closes a connection whose request takes too long to arrive, head and body alike. The server's own idle time-out begins
 * anew with every byte, and its limits for requests begin when the head is there: a client that drips its head would have
 * the connection for hours.
 */
final class RequestTimeout {

    private final long timeoutNanos;
    private boolean complete = true;
    private @Nullable Future<?> alarm;

    private RequestTimeout(Duration timeout) {
        this.timeoutNanos = timeout.toNanos();
    }

    /** Around the HTTP/1.1 codec: in front of it there are bytes, behind it parts of requests. */
    static void install(ChannelPipeline pipeline, Duration timeout) {
        if (pipeline.get(NettyPipeline.HttpCodec) != null) {
            RequestTimeout request = new RequestTimeout(timeout);
            pipeline.addBefore(NettyPipeline.HttpCodec, "requestBytes", request.new Bytes());
            pipeline.addAfter(NettyPipeline.HttpCodec, "requestEnd", request.new End());
        }
    }

    private void disarm() {
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a close that fails has closed
    private void close(ChannelHandlerContext context) {
        context.close();
    }

    /** The codec decodes before the call returns. A request that comes as a whole, as nearly all do, needs no alarm. */
    private final class Bytes extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object bytes) {
            complete = false;
            context.fireChannelRead(bytes);
            if (complete) {
                disarm();
            } else if (alarm == null && context.channel().isActive()) {
                alarm = context.executor().schedule(() -> close(context), timeoutNanos, TimeUnit.NANOSECONDS);
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            disarm();
            context.fireChannelInactive();
        }
    }

    private final class End extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object part) {
            complete |= part instanceof LastHttpContent;
            context.fireChannelRead(part);
        }
    }
}
