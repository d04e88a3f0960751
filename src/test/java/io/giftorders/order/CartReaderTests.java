package io.giftorders.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.giftorders.order.Cart.Line;
import io.giftorders.problem.InvalidRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CartReaderTests {

    private static final int MAX_LINES = 20;
    private static final int MAX_COUNT = 10_000;

    private final CartReader carts = new CartReader(new CartProperties(MAX_LINES, MAX_COUNT));

    static Stream<Arguments> goodCarts() {
        return Stream.of(
                argumentSet("one gift", "{\"1\": 10}", List.of(new Line(1, 10))),
                argumentSet("two gifts", "{\"1\": 10, \"2\": 20}", List.of(new Line(1, 10), new Line(2, 20))),
                argumentSet(
                        "gifts in any order",
                        "{\"10\": 1, \"9\": 2, \"100\": 3}",
                        List.of(new Line(9, 2), new Line(10, 1), new Line(100, 3))),
                argumentSet("as many pieces as may be", "{\"1\": 10000}", List.of(new Line(1, MAX_COUNT))),
                argumentSet(
                        "the longest id",
                        "{\"999999999999999999\": 1}",
                        List.of(new Line(999_999_999_999_999_999L, 1))),
                argumentSet("no spaces", "{\"2\":1,\"1\":1}", List.of(new Line(1, 1), new Line(2, 1))),
                argumentSet("spaces and lines", " \r\n{\t\"1\"\n:\r1 }\n", List.of(new Line(1, 1))),
                argumentSet("an id written as an escape", "{\"\\u0031\\u0032\": 1}", List.of(new Line(12, 1))),
                argumentSet("a byte order mark", "\uFEFF{\"1\": 1}", List.of(new Line(1, 1))));
    }

    @ParameterizedTest
    @MethodSource("goodCarts")
    void aCartIsReadInGiftOrder(String body, List<Line> lines) {
        Cart cart = carts.parse(bytes(body));

        assertThat(cart.lines()).isEqualTo(lines);
    }

    @Test
    void aCartHoldsTwentyGifts() {
        Cart cart = carts.parse(bytes(cartOf(MAX_LINES)));

        assertThat(cart.lines()).hasSize(MAX_LINES).isSortedAccordingTo((a, b) -> Long.compare(a.giftId(), b.giftId()));
    }

    @Test
    void aCartHoldsNoTwentyFirstGift() {
        byte[] body = bytes(cartOf(MAX_LINES + 1));

        assertThatThrownBy(() -> carts.parse(body)).isInstanceOfSatisfying(InvalidRequest.class, refused -> assertThat(
                        refused.getBody().getProperties())
                .containsEntry("field", "1"));
    }

    @Test
    void oneWayToWriteAGiftTwiceIsAnEscape() {
        byte[] body = bytes("{\"1\": 1, \"\\u0031\": 1}");

        assertThatThrownBy(() -> carts.parse(body)).isInstanceOfSatisfying(InvalidRequest.class, refused -> assertThat(
                        refused.getBody().getDetail())
                .isEqualTo("This gift is named twice."));
    }

    /** Gifts in falling order, so that the last one is gift 1. */
    private static String cartOf(int lines) {
        return LongStream.range(0, lines)
                .mapToObj(i -> "\"" + (lines - i) + "\": 1")
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
