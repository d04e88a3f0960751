package io.giftorders.dev;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.event.EventListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Tells a newcomer what to type next. */
@TestConfiguration(proxyBeanMethods = false)
public class Welcome {

    private static final String TEXT = """

            The shop is open: %1$s/ - choose a demo buyer, order, and pay at the local Alipay.

            Or place a first order from another terminal:

              TOKEN=$(curl -s %1$s/dev/tokens -H 'Content-Type: application/json' -d '{"uid": 7}')
              curl -i %1$s/orders -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"1": 1, "2": 2}'
              curl -s %1$s/orders -H "Authorization: Bearer $TOKEN"

            Pay for it: open the pay_url of this answer in a browser.

              ORDER=$(curl -s "%1$s/orders?limit=1" -H "Authorization: Bearer $TOKEN" | grep -o '"order_code":"[0-9]*' | grep -o '[0-9]*$')
              curl -s -X POST %1$s/orders/$ORDER/pay -H "Authorization: Bearer $TOKEN"

            The local Alipay is at %2$s - what it did: %2$s/control/trades

            """;

    @EventListener
    @Order(Ordered.LOWEST_PRECEDENCE)
    void print(ApplicationReadyEvent ready) {
        Environment environment = ready.getApplicationContext().getEnvironment();
        String shop = "http://127.0.0.1:" + environment.getProperty("local.server.port");
        String gateway = environment.getProperty("gift-orders.alipay.gateway", "");
        System.out.printf(TEXT, shop, gateway.replace("/gateway.do", ""));
    }
}
