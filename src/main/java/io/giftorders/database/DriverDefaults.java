package io.giftorders.database;

import io.r2dbc.spi.ConnectionFactoryOptions;
import io.r2dbc.spi.Option;
import java.time.Duration;
import java.util.Map;
import reactor.netty.resources.LoopResources;

/**
 * Driver options this service needs, so that a bare {@code r2dbc:mysql://host:port/name} is enough. What the URL or
 * {@code spring.r2dbc.properties} says wins.
 */
final class DriverDefaults {

    private static final Map<Option<?>, Object> DEFAULTS = Map.of(
            // the driver's own default is false: small packets would wait for each other's acknowledgement
            Option.valueOf("tcpNoDelay"),
            true,
            Option.valueOf("tcpKeepAlive"),
            true,
            ConnectionFactoryOptions.CONNECT_TIMEOUT,
            Duration.ofSeconds(3),
            // times are UTC in every session, whatever the server's zone
            Option.valueOf("connectionTimeZone"),
            "UTC",
            Option.valueOf("forceConnectionTimeZoneToSession"),
            true,
            // the server's 50 s would hold a lane far beyond any buyer's patience
            ConnectionFactoryOptions.LOCK_WAIT_TIMEOUT,
            Duration.ofSeconds(2),
            ConnectionFactoryOptions.STATEMENT_TIMEOUT,
            Duration.ofSeconds(5));

    private DriverDefaults() {}

    static ConnectionFactoryOptions applyTo(ConnectionFactoryOptions configured, LoopResources loops) {
        ConnectionFactoryOptions.Builder options = configured.mutate().option(Option.valueOf("loopResources"), loops);
        DEFAULTS.forEach((option, value) -> {
            if (!configured.hasOption(option)) {
                options.option(Option.<Object>valueOf(option.name()), value);
            }
        });
        return options.build();
    }
}
