package io.giftorders.payment.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.problem.CannotStart;
import io.giftorders.trace.Spans;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Which settings the service starts with. */
class SettingsTests {

    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
            .withUserConfiguration(Service.class)
            .withBean(Spans.class, () -> Spans.NONE)
            .withPropertyValues(
                    "gift-orders.alipay.app-id=" + TestKeys.APP_ID,
                    "gift-orders.alipay.seller-id=" + TestKeys.SELLER_ID,
                    "gift-orders.alipay.public-url=https://shop.example",
                    "gift-orders.alipay.keys=" + TestKeys.directory());

    @ParameterizedTest
    @CsvSource({
        "environment=sandbox, https://openapi-sandbox.dl.alipaydev.com/gateway.do",
        "environment=production, https://openapi.alipay.com/gateway.do",
        "gateway=https://gateway.example/gateway.do, https://gateway.example/gateway.do",
        "gateway=http://127.0.0.1:8090/gateway.do, http://127.0.0.1:8090/gateway.do",
        "gateway=http://localhost/gateway.do, http://localhost/gateway.do",
        "gateway=http://[::1]/gateway.do, http://[::1]/gateway.do"
    })
    void theGatewayIsChosenByConfiguration(String setting, String gateway) {
        service.withPropertyValues("gift-orders.alipay." + setting).run(context -> {
            Settings settings = Settings.of(context.getBean(AlipayProperties.class));

            assertThat(settings.gateway()).hasToString(gateway);
            assertThat(context.getBean(Alipay.class).account())
                    .isEqualTo(new Account(TestKeys.APP_ID, TestKeys.SELLER_ID));
        });
    }

    @Test
    void sandboxIsTheDefault() {
        service.run(context -> assertThat(Settings.of(context.getBean(AlipayProperties.class))
                        .gateway()
                        .getHost())
                .isEqualTo("openapi-sandbox.dl.alipaydev.com"));
    }

    @Test
    void theUrlForNotifiesHasNoSlashTooMany() {
        service.withPropertyValues("gift-orders.alipay.public-url=https://shop.example/gifts/")
                .run(context -> assertThat(Settings.of(context.getBean(AlipayProperties.class))
                                .notifyUrl())
                        .hasToString("https://shop.example/gifts/alipay/notify"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://gateway.example/gateway.do",
                "http://127.0.0.1.example/gateway.do",
                "http://localhost@gateway.example/gateway.do",
                "ftp://127.0.0.1/gateway.do",
                "https://gateway.example/gateway.do?a=b",
                "https:///gateway.do",
                "gateway.do"
            })
    void anUnsafeGatewayStopsTheStart(String gateway) {
        assertStops("GIFT_ORDERS_ALIPAY_GATEWAY", "gateway=" + gateway);
    }

    @Test
    void productionIsNeverSpokenToInTheClear() {
        assertStops("GIFT_ORDERS_ALIPAY_GATEWAY", "environment=production", "gateway=http://127.0.0.1:8090/gateway.do");
    }

    @ParameterizedTest
    @CsvSource({
        "app-id=, GIFT_ORDERS_ALIPAY_APP_ID",
        "app-id=a&b, GIFT_ORDERS_ALIPAY_APP_ID",
        "seller-id=, GIFT_ORDERS_ALIPAY_SELLER_ID",
        "seller-id=shop@example.com, GIFT_ORDERS_ALIPAY_SELLER_ID",
        "public-url=, GIFT_ORDERS_ALIPAY_PUBLIC_URL",
        "public-url=shop.example, GIFT_ORDERS_ALIPAY_PUBLIC_URL",
        "public-url=https://shop.example/?a=b, GIFT_ORDERS_ALIPAY_PUBLIC_URL",
        "keys=/nowhere, GIFT_ORDERS_ALIPAY_KEYS"
    })
    void aSettingThatIsMissingOrWrongStopsTheStartAndIsNamed(String setting, String variable) {
        assertStops(variable, setting);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "threads=0",
                "threads=65",
                "max-waiting=0",
                "timeout=999ms",
                "timeout=31s",
                "connect-timeout=11s",
                "mode=none",
                "environment=test"
            })
    void aSettingOutOfRangeStopsTheStart(String setting) {
        service.withPropertyValues("gift-orders.alipay." + setting)
                .run(context -> assertThat(context).hasFailed());
    }

    private void assertStops(String variable, String... settings) {
        String[] named = Stream.of(settings)
                .map(setting -> "gift-orders.alipay." + setting)
                .toArray(String[]::new);

        service.withPropertyValues(named).run(context -> assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(CannotStart.class)
                .hasMessageContaining(variable)
                .hasMessageEndingWith("."));
    }

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(AlipayProperties.class)
    @Import(Alipay.class)
    static class Service {

        @Bean
        MeterRegistry registry() {
            return new SimpleMeterRegistry();
        }
    }
}
