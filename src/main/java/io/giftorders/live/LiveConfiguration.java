package io.giftorders.live;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LiveConfiguration {

    /** The hours that a stream was open are no latency. Refusals of streams are answers like any other. */
    @Bean
    MeterFilter streamsAreNoRequests() {
        return MeterFilter.deny(LiveConfiguration::isStream);
    }

    private static boolean isStream(Meter.Id id) {
        String path = id.getTag("uri");
        return id.getName().equals("http.server.requests")
                && path != null
                && path.endsWith("/events")
                && "200".equals(id.getTag("status"));
    }
}
