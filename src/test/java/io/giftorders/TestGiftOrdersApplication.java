package io.giftorders;

import io.giftorders.database.TestDatabase;
import io.giftorders.dev.OrderPage;
import io.giftorders.dev.TokenRoutes;
import io.giftorders.dev.Welcome;
import io.giftorders.identity.TestIssuer;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.localalipay.Pace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;

/**
 * The shop with everything it needs, for development: {@code mvn spring-boot:test-run}. A database of its own, a dozen
 * gifts, a token issuer and a local Alipay; configured through the same settings as in production.
 */
public class TestGiftOrdersApplication {

    public static void main(String[] arguments) {
        TestDatabase database = TestDatabase.start(Path.of("target", "dev-database"));
        LocalAlipay alipay = LocalAlipay.start(0, Pace.PEOPLE);
        List<String> settings = new ArrayList<>(List.of(
                "--spring.r2dbc.url=" + database.url("gift_orders"),
                "--spring.r2dbc.username=" + database.username(),
                "--spring.r2dbc.password=" + database.password(),
                "--spring.sql.init.mode=always",
                "--spring.sql.init.data-locations=classpath:demo-gifts.sql",
                "--spring.security.oauth2.resourceserver.jwt.public-key-location="
                        + TestIssuer.INSTANCE.publicKeyLocation(),
                "--server.address=127.0.0.1",
                "--management.server.address=127.0.0.1",
                "--gift-orders.pages.demo-tokens=/dev/tokens",
                "--gift-orders.alipay.public-url=http://127.0.0.1:${server.port}",
                "--gift-orders.payment.order-page=" + OrderPage.PATH));
        settings.addAll(alipay.settings());
        settings.addAll(List.of(arguments));
        SpringApplication.from(GiftOrdersApplication::main)
                .with(TokenRoutes.class, OrderPage.class, Welcome.class)
                .run(settings.toArray(String[]::new));
    }
}
