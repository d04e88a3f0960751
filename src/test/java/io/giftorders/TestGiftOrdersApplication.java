package io.giftorders;

import io.giftorders.database.TestDatabase;
import io.giftorders.dev.TokenRoutes;
import io.giftorders.dev.Welcome;
import io.giftorders.identity.TestIssuer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;

/**
 * The shop with everything it needs, for development: {@code mvn spring-boot:test-run}. A database of its own, a dozen
 * gifts and a token issuer; configured through the same settings as in production.
 */
public class TestGiftOrdersApplication {

    public static void main(String[] arguments) {
        TestDatabase database = TestDatabase.start(Path.of("target", "dev-database"));
        Stream<String> settings = Stream.of(
                "--spring.r2dbc.url=" + database.url("gift_orders"),
                "--spring.r2dbc.username=" + database.username(),
                "--spring.r2dbc.password=" + database.password(),
                "--spring.sql.init.mode=always",
                "--spring.sql.init.data-locations=classpath:demo-gifts.sql",
                "--spring.security.oauth2.resourceserver.jwt.public-key-location="
                        + TestIssuer.INSTANCE.publicKeyLocation(),
                "--server.address=127.0.0.1",
                "--management.server.address=127.0.0.1");
        SpringApplication.from(GiftOrdersApplication::main)
                .with(TokenRoutes.class, Welcome.class)
                .run(Stream.concat(settings, Stream.of(arguments)).toArray(String[]::new));
    }
}
