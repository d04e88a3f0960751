package io.giftorders.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.giftorders.identity.TestIssuer;
import io.giftorders.load.Buyers.Buyer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class LoadSettingsTests {

    @Test
    void withoutASettingOneHotGiftIsOrderedAtTheShopOfTestRun() {
        LoadSettings settings = LoadSettings.of(new MockEnvironment());

        assertThat(settings.scenarios()).containsExactly(LoadScenario.HOT_GIFT);
        assertThat(settings.shop()).hasToString("http://127.0.0.1:8080");
        assertThat(settings.management()).hasToString("http://127.0.0.1:8081");
        assertThat(settings.rate(LoadScenario.HOT_GIFT)).isEqualTo(LoadScenario.HOT_GIFT.ordersPerSecond());
    }

    @Test
    void whatIsSetCounts() {
        LoadSettings settings = LoadSettings.of(with(Map.of(
                "load",
                "all",
                "load.rate",
                "40",
                "load.duration",
                "2s",
                "load.gifts",
                "5",
                "load.stock-share",
                "0.5")));

        assertThat(settings.scenarios()).containsExactly(LoadScenario.values());
        assertThat(settings.rate(LoadScenario.CARTS)).isEqualTo(40);
        assertThat(settings.duration()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.scarceStock()).isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource({
        "load, hot-cake, There is no scenario hot-cake",
        "load.rate, 0, load.rate",
        "load.duration, 1s, load.duration",
        "load.duration, 2500ms, load.duration",
        "load.gifts, 2, load.gifts",
        "load.buyers, 0, load.buyers",
        "load.stock-share, 1, load.stock-share",
        "load.buyers-file, tokens, load.operator-file"
    })
    void aWrongSettingIsNamed(String name, String value, String sentence) {
        assertThatThrownBy(() -> LoadSettings.of(with(Map.of(name, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aBuyerIsWhoTheTokenSays() {
        assertThat(Buyer.with(TestIssuer.INSTANCE.buyer(179_555_000_000_017L)).uid())
                .isEqualTo(179_555_000_000_017L);
    }

    @Test
    void aCartHasAsManyDifferentGiftsAsItHasLines() {
        Goods goods = new Goods(List.of(1L, 2L, 3L, 4L), 10, 3);

        List<String> carts =
                IntStream.range(0, 200).mapToObj(cart -> goods.cart()).toList();

        assertThat(carts).allMatch(cart -> cart.matches("\\{\"[1-4]\": 1, \"[1-4]\": 1, \"[1-4]\": 1}"));
        assertThat(carts)
                .allMatch(cart -> Pattern.compile("\"(\\d)\"")
                                .matcher(cart)
                                .results()
                                .map(gift -> gift.group(1))
                                .distinct()
                                .count()
                        == 3);
        assertThat(Set.copyOf(carts)).hasSizeGreaterThan(10);
    }

    private static MockEnvironment with(Map<String, String> settings) {
        MockEnvironment environment = new MockEnvironment();
        settings.forEach(environment::setProperty);
        return environment;
    }
}
