package io.giftorders.shop;

import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import reactor.blockhound.BlockHound;

/** Every test of this module fails where an event loop blocks: BlockHound is there before the first class is loaded. */
public final class NoBlocking implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        BlockHound.install(
                // writing a log line to the console blocks; a deployment may choose an asynchronous appender
                hound -> hound.allowBlockingCallsInside("ch.qos.logback.core.OutputStreamAppender", "writeBytes")
                        // Netty's allocator locks for a moment when it grows under contention
                        .allowBlockingCallsInside("io.netty.buffer.AdaptivePoolingAllocator$Magazine", "free")
                        // a cache whose housekeeping has fallen behind spins a hundred times at the most, then helps
                        .allowBlockingCallsInside("com.github.benmanes.caffeine.cache.BoundedLocalCache", "afterWrite")
                        // a cancelled timer takes its queue's lock; an error out of the wait for it breaks that lock
                        // for good, and with it a thread of Reactor's timers
                        .allowBlockingCallsInside(
                                "java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "remove")
                        // two connections that are the first of their pool make the driver's cache, one after the other
                        .allowBlockingCallsInside(
                                "io.asyncer.r2dbc.mysql.MySqlConnectionFactory$LazyQueryCache", "get"));
    }
}
