package io.giftorders;

import io.giftorders.audit.CheckBooks;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** The order service. Configured by environment; the README lists every setting. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GiftOrdersApplication {

    public static void main(String[] arguments) {
        if (CheckBooks.isAskedFor(arguments)) {
            System.exit(CheckBooks.run(arguments));
        }
        SpringApplication.run(GiftOrdersApplication.class, arguments);
    }
}
