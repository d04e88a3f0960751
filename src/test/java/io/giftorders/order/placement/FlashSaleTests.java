package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.transaction.annotation.Isolation;
import reactor.core.publisher.Flux;

/** What a flash sale promises, over HTTP, with one and with two instances, in every mode and at every isolation level. */
@ParameterizedClass(name = "{0} {1}")
@MethodSource("everyModeAndLevel")
class FlashSaleTests {

    private static Shop one;
    private static Shop two;

    FlashSaleTests(StockUpdate mode, Isolation level) {}

    static Stream<Arguments> everyModeAndLevel() {
        return Stream.of(StockUpdate.values()).flatMap(mode -> Stream.of(Isolation.values())
                .filter(level -> level != Isolation.DEFAULT)
                .map(level -> Arguments.of(mode, level)));
    }

    @BeforeParameterizedClassInvocation
    static void open(StockUpdate mode, Isolation level) {
        String[] settings = {
            "--gift-orders.placement.stock-update=" + mode,
            "--gift-orders.placement.isolation=" + level,
            // nobody is sent away here for want of time, however slow the machine
            "--gift-orders.placement.deadline=20s"
        };
        one = Shop.open(settings);
        two = one.another(settings);
    }

    @AfterParameterizedClassInvocation
    static void close() {
        one.close();
        two.close();
    }

    @Test
    void onOneInstanceTwoThousandBuyersOfFiveHundredPiecesGetFiveHundredOrders() {
        sellFiveHundredToTwoThousand(List.of(one));
    }

    @Test
    void onTwoInstancesTwoThousandBuyersOfFiveHundredPiecesGetFiveHundredOrders() {
        sellFiveHundredToTwoThousand(List.of(one, two));
    }

    @Test
    void cartsOfSeveralGiftsInAnyOrderAreSoldWholeOrNotAtAll() {
        List<Integer> stocks = List.of(300, 200, 250, 100);
        List<Long> gifts = stocks.stream().map(one::gift).toList();
        Random random = new Random(7);
        List<String> carts =
                IntStream.range(0, 1_000).mapToObj(i -> cart(gifts, random)).toList();

        Map<Integer, Long> answers = statuses(
                Flux.range(1, 1_000).flatMap(uid -> any(List.of(one, two), uid).order(uid, carts.get(uid - 1)), 500));

        assertThat(answers).containsOnlyKeys(201, 409);
        assertThat(one.brokenOrders()).isZero();
        for (int i = 0; i < stocks.size(); i++) {
            long gift = gifts.get(i);
            assertThat(one.stock(gift) + one.pieces(gift))
                    .isEqualTo(stocks.get(i).longValue());
            assertThat(one.sales(gift)).isEqualTo(one.pieces(gift));
        }
    }

    private static void sellFiveHundredToTwoThousand(List<Shop> instances) {
        long gift = one.gift(500);

        Map<Integer, Long> answers = statuses(
                Flux.range(1, 2_000).flatMap(uid -> any(instances, uid).order(uid, "{\"" + gift + "\": 1}"), 2_000));

        assertThat(answers).isEqualTo(Map.of(201, 500L, 409, 1_500L));
        assertThat(one.stock(gift)).isZero();
        assertThat(one.sales(gift)).isEqualTo(500);
        assertThat(one.pieces(gift)).isEqualTo(500);
        assertThat(one.brokenOrders()).isZero();
    }

    /** Two to four gifts in random order, one to three pieces of each. */
    private static String cart(List<Long> gifts, Random random) {
        List<Long> shuffled = new ArrayList<>(gifts);
        Collections.shuffle(shuffled, random);
        return shuffled.stream()
                .limit(2 + random.nextInt(3))
                .map(gift -> "\"" + gift + "\": " + (1 + random.nextInt(3)))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static Shop any(List<Shop> instances, int uid) {
        return instances.get(uid % instances.size());
    }

    private static Map<Integer, Long> statuses(Flux<Answer> answers) {
        return answers.collect(Collectors.groupingBy(Answer::status, Collectors.counting()))
                .block();
    }
}
