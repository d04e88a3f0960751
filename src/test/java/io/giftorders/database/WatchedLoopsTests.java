package io.giftorders.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WatchedLoopsTests {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aConnectionAsksWhetherThePathIsThere(boolean isNative) {
        WatchedLoops loops = new WatchedLoops(Duration.ofSeconds(8));
        EventLoopGroup group = loops.onClient(isNative);
        ChannelOption<Integer> idle = isNative && Epoll.isAvailable()
                ? EpollChannelOption.TCP_KEEPIDLE
                : NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE);

        SocketChannel channel = loops.onChannel(SocketChannel.class, group);

        assertThat(channel.config().getOption(idle)).isEqualTo(10);
        channel.unsafe().closeForcibly();
        loops.dispose();
    }
}
