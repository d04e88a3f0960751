package io.giftorders.server;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.netty4.NettyEventExecutorMetrics;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import java.time.Duration;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

    /** Chosen: longer than a stream is kept whose client is there and does not read; this would end it too. */
    private static final Duration VANISHED = Duration.ofMinutes(2);

    /** A loop that falls behind holds up everybody whose connection lives on it. */
    @Bean
    MeterBinder eventLoops(ReactorResourceFactory resources) {
        return registry -> new NettyEventExecutorMetrics(
                        resources.getLoopResources().onServer(LoopResources.DEFAULT_NATIVE))
                .bindTo(registry);
    }

    /** The shop's port only: the management port takes long uploads, and is inside the network. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> requestTimeout(RequestProperties properties) {
        return factory -> factory.addServerCustomizers(server -> server.doOnChannelInit(
                (observer, channel, address) -> RequestTimeout.install(channel.pipeline(), properties.timeout())));
    }

    /**
     * A client that vanished without a word, as phones do, is found out by what it does not acknowledge: TCP alone would try
     * for a quarter of an hour. Only Linux's own transport has the option.
     */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> vanishedClients() {
        return factory -> factory.addServerCustomizers(server -> Epoll.isAvailable()
                ? server.childOption(EpollChannelOption.TCP_USER_TIMEOUT, Math.toIntExact(VANISHED.toMillis()))
                : server);
    }
}
