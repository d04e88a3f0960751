package io.giftorders.order.placement;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What holds when two instances race for the same buyer's last allowed piece, or around the ends of a sale. */
class LimitTests {

    private static Shop one;
    private static Shop two;

    @BeforeAll
    static void open() {
        one = Shop.open();
        two = one.another();
    }

    @AfterAll
    static void close() {
        one.close();
        two.close();
    }

    @Test
    void aBuyerGetsNoMoreThanTheLimitFromTwoInstancesAtOnce() {
        long gift = one.gift(10_000, ", \"limit_per_user\": 3");

        List<Answer> answers = Flux.range(0, 600)
                .flatMap(i -> (i % 2 == 0 ? one : two).order(1 + i % 50, "{\"" + gift + "\": 1}"), 300)
                .collectList()
                .block();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(201, 409));
        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(150);
        assertThat(one.mostPiecesOfABuyer(gift)).isEqualTo(3);
        assertThat(one.stock(gift)).isEqualTo(10_000 - 150);
    }

    @Test
    void aLimitSetInTheMiddleOfASaleCountsWhatWasBoughtBeforeAndHolds() {
        long gift = one.gift(10_000);

        Flux<Answer> orders = Flux.range(0, 800)
                .flatMap(i -> (i % 2 == 0 ? one : two).order(100 + i % 40, "{\"" + gift + "\": 1}"), 100);
        List<Answer> answers = orders.index()
                .doOnNext(answer -> {
                    if (answer.getT1() == 100) {
                        one.limit(gift, 10).subscribe();
                    }
                })
                .map(answer -> answer.getT2())
                .collectList()
                .block();

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(201, 409));
        assertThat(one.mostPiecesOfABuyer(gift)).isEqualTo(10);
        assertThat(one.number("SELECT COUNT(*) FROM purchase p JOIN (SELECT uid, SUM(counts) AS pieces FROM order_item"
                        + " WHERE goods_id = " + gift + " GROUP BY uid) i ON i.uid = p.uid WHERE p.goods_id = " + gift
                        + " AND p.counts <> i.pieces"))
                .isZero();
    }

    @Test
    void nothingIsSoldBeforeTheSaleStartsAndEverythingIsDecidedByTheDatabasesClock() {
        long gift = one.gift(10_000);
        one.sql("UPDATE gift SET sale_starts_at = UTC_TIMESTAMP(6) + INTERVAL 1 SECOND,"
                + " sale_ends_at = UTC_TIMESTAMP(6) + INTERVAL 3 SECOND, terms = terms + 1 WHERE id = " + gift);

        LongStream.rangeClosed(1, 50).forEach(Shop::buyer);

        List<Answer> answers = Flux.interval(Duration.ofMillis(5))
                .onBackpressureDrop()
                .take(Duration.ofSeconds(4))
                .flatMap(i -> (i % 2 == 0 ? one : two).order(1 + i % 50, "{\"" + gift + "\": 1}"), 50)
                .collectList()
                .block();

        assertThat(answers.stream()
                        .map(answer -> answer.status() == 201 ? "sold" : answer.problem())
                        .distinct())
                .containsExactlyInAnyOrder("sale-not-started", "sold", "sale-ended");
        assertThat(one.number("SELECT COUNT(*) FROM orders o JOIN order_item i ON i.order_code = o.order_code"
                        + " JOIN gift g ON g.id = i.goods_id WHERE g.id = " + gift
                        + " AND (o.created_at < g.sale_starts_at OR o.created_at >= g.sale_ends_at)"))
                .isZero();
    }
}
