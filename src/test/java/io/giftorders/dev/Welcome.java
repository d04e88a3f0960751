package io.giftorders.dev;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Tells a newcomer what to type next. */
@TestConfiguration(proxyBeanMethods = false)
public class Welcome {

    private static final String TEXT = """

            The shop is open at %1$s - place a first order:

              TOKEN=$(curl -s %1$s/dev/tokens -H 'Content-Type: application/json' -d '{"uid": 7}')
              curl -i %1$s/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"1": 1, "2": 2}'
              curl -s %1$s/orders -H "Authorization: Bearer $TOKEN"

            """;

    @EventListener
    @Order(Ordered.LOWEST_PRECEDENCE)
    void print(ApplicationReadyEvent ready) {
        String port = ready.getApplicationContext().getEnvironment().getProperty("local.server.port");
        System.out.printf(TEXT, "http://127.0.0.1:" + port);
    }
}
