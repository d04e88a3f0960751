package io.giftorders.server;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ServerConfiguration {

    /** The shop's port only: the management port takes long uploads, and is inside the network. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> requestTimeout(RequestProperties properties) {
        return factory -> factory.addServerCustomizers(server -> server.doOnChannelInit(
                (observer, channel, address) -> RequestTimeout.install(channel.pipeline(), properties.timeout())));
    }
}
