package io.giftorders.server;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.netty4.NettyEventExecutorMetrics;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import reactor.netty.resources.LoopResources;

@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

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
}
