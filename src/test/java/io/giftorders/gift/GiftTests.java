package io.giftorders.gift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.giftorders.identity.TestIssuer;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** What an operator does with gifts, and what it means for buyers. */
class GiftTests {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Shop shop;

    @BeforeAll
    static void open() {
        shop = Shop.open();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void aNewGiftIsThereToRead() {
        Reply created = post("""
                {"name": "  Tea set 茶具 ", "price": "9.9", "stock": 100, "limit_per_user": 2,
                 "sale_starts_at": "2030-01-31T20:00:00+08:00", "sale_ends_at": "2030-02-01T00:00:00.123456Z"}
                """);

        Reply read = get("/gifts/" + created.id());

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.location()).isEqualTo("/gifts/" + created.id());
        assertThat(created.body()).isEqualTo(read.body());
        assertThat(read.body())
                .containsEntry("name", "Tea set 茶具")
                .containsEntry("price", "9.90")
                .containsEntry("stock", 100)
                .containsEntry("sales", 0)
                .containsEntry("limit_per_user", 2)
                .containsEntry("sale_starts_at", "2030-01-31T12:00:00Z")
                .containsEntry("sale_ends_at", "2030-02-01T00:00:00.123456Z")
                .hasSize(8);
    }

    @Test
    void aGiftWithoutTermsIsJustNamePriceAndStock() {
        Reply created = post("{\"name\": \"Fan\", \"price\": \"5.00\", \"stock\": 0}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.body()).containsOnlyKeys("id", "name", "price", "stock", "sales");
    }

    @Test
    void theListIsReadPageByPage() {
        long before = shop.gift(1);
        List<Long> gifts = Stream.generate(() -> shop.gift(1)).limit(5).toList();

        List<List<Long>> pages = new ArrayList<>();
        String next = "/gifts?after=" + before + "&limit=2";
        while (next != null && pages.size() <= gifts.size()) {
            Reply page = get(next);
            pages.add(ids(page));
            next = (String) page.body().get("next");
        }

        assertThat(pages).containsExactly(gifts.subList(0, 2), gifts.subList(2, 4), gifts.subList(4, 5));
    }

    @Test
    void aPageHasTwentyGiftsWhereNothingElseIsAskedFor() {
        Stream.generate(() -> shop.gift(1)).limit(21).forEach(id -> {});

        Reply page = get("/gifts");

        assertThat(ids(page)).hasSize(20).isSorted();
        assertThat(page.body())
                .containsEntry("next", "/gifts?after=" + ids(page).get(19) + "&limit=20");
    }

    @ParameterizedTest
    @CsvSource({"5, 15", "-4, 6", "-10, 0", "0, 10", "999999990, 1000000000"})
    void restockingAddsPiecesOrTakesThemBack(long pieces, long stock) {
        long gift = shop.gift(10);

        Reply changed = change(gift, "{\"restock\": " + pieces + "}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.body()).containsEntry("stock", (int) stock);
        assertThat(shop.stock(gift)).isEqualTo(stock);
        assertThat(supplied(gift)).isEqualTo(stock);
        assertThat(shop.sales(gift)).isZero();
    }

    @Test
    void whatWasPutInIsKeptOverSalesAndRestocks() {
        long gift = shop.gift(10);
        order(1, gift, 4);

        change(gift, "{\"restock\": 5}");
        order(2, gift, 3);
        change(gift, "{\"restock\": -6, \"price\": \"1.00\"}");
        change(gift, "{\"name\": \"Fan\"}");

        assertThat(shop.stock(gift)).isEqualTo(2);
        assertThat(supplied(gift)).isEqualTo(9);
    }

    @Test
    void aGiftThatCameByPlainSqlWasPutInWithItsStock() {
        shop.sql("INSERT INTO gift (name, price, stock) VALUES ('Plain SQL', 1.00, 7)");

        assertThat(shop.number("SELECT supplied FROM gift WHERE name = 'Plain SQL'"))
                .isEqualTo(7);
    }

    private static long supplied(long gift) {
        return shop.number("SELECT supplied FROM gift WHERE id = " + gift);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-11", "1000000000", "1000000001", "-1000000001", "1.5", "1e3", "\"5\"", "null", "true"})
    void aStockBelowZeroOrBeyondAllMeasureIsRefused(String pieces) {
        long gift = shop.gift(10);

        Reply refused = change(gift, "{\"restock\": " + pieces + "}");

        assertInvalid(refused, "restock");
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void whatIsRestockedCanBeBought() {
        long gift = shop.gift(0);
        int soldOut = order(1, gift, 1).status();

        change(gift, "{\"restock\": 2}");

        assertThat(soldOut).isEqualTo(409);
        assertThat(order(1, gift, 2).status()).isEqualTo(201);
        assertThat(order(1, gift, 1).problem()).isEqualTo("out-of-stock");
    }

    @Test
    void aNewPriceIsThatOfTheNextOrderAndNotOfTheOneBefore() {
        long gift = shop.gift(10);
        Answer before = order(1, gift, 2);

        change(gift, "{\"price\": \"12.50\"}");
        Answer after = order(1, gift, 2);

        assertThat(before.body().get("total_amount")).isEqualTo("19.80");
        assertThat(after.body().get("total_amount")).isEqualTo("25.00");
        assertThat(prices(before)).containsExactly("9.90");
        assertThat(prices(after)).containsExactly("12.50");
    }

    @Test
    void anOrderDecidedUnderTheOldPriceIsSoldAtTheNewOne() {
        long gift = shop.gift(10);

        Answer answer = shop.database()
                .inConnection(operator -> Mono.from(operator.beginTransaction())
                        .then(Mono.defer(() -> Mono.from(operator.createStatement(
                                                "UPDATE gift SET price = 12.50, terms = terms + 1 WHERE id = " + gift)
                                        .execute())
                                .flatMap(result -> Mono.from(result.getRowsUpdated()))))
                        .then(Mono.defer(() -> {
                            Mono<Answer> order = shop.order(1, cart(gift, 1)).cache();
                            order.subscribe();
                            return someoneWaitsForARow()
                                    .then(Mono.from(operator.commitTransaction()))
                                    .then(order);
                        })))
                .block();

        assertThat(answer.status()).isEqualTo(201);
        assertThat(prices(answer)).containsExactly("12.50");
        assertThat(shop.brokenOrders()).isZero();
    }

    @Test
    void whileThePriceChangesEveryOfTwoHundredOrdersHasOneOfTheTwoPrices() {
        long gift = shop.gift(1_000);
        Mono<Reply> changeOfPrice = Mono.fromSupplier(() -> change(gift, "{\"price\": \"12.50\"}"))
                .subscribeOn(Schedulers.boundedElastic());

        List<Answer> answers = Flux.range(1, 200)
                .flatMap(
                        uid -> uid == 100
                                ? changeOfPrice.then(shop.order(uid, cart(gift, 3)))
                                : shop.order(uid, cart(gift, 3)),
                        200)
                .collectList()
                .block();

        assertThat(answers).hasSize(200).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(201);
            assertThat(prices(answer)).hasSize(1).containsAnyOf("9.90", "12.50");
            BigDecimal price = new BigDecimal(prices(answer).get(0));
            assertThat(answer.body().get("total_amount"))
                    .isEqualTo(price.multiply(BigDecimal.valueOf(3)).toPlainString());
        });
        assertThat(prices(order(1, gift, 1))).containsExactly("12.50");
        assertThat(shop.brokenOrders()).isZero();
        assertThat(shop.stock(gift)).isEqualTo(1_000 - 601);
    }

    @Test
    void whileAnOperatorRestocksNoPieceIsLost() {
        long gift = shop.gift(100);
        Flux<Integer> restocks = Flux.range(1, 10).concatMap(i -> Mono.fromSupplier(
                        () -> change(gift, "{\"restock\": 10}").status())
                .subscribeOn(Schedulers.boundedElastic()));
        Flux<Integer> orders = Flux.range(1, 300)
                .flatMap(uid -> shop.order(uid, cart(gift, 1)), 300)
                .map(Answer::status);

        List<Integer> statuses = Flux.merge(restocks, orders).collectList().block();

        assertThat(statuses).containsOnly(200, 201, 409);
        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(10);
        assertThat(shop.stock(gift) + shop.pieces(gift)).isEqualTo(200);
        assertThat(supplied(gift)).isEqualTo(200);
        assertThat(shop.sales(gift)).isEqualTo(shop.pieces(gift));
    }

    @Test
    void aGiftIsNotSoldBeforeItsSaleStarts() {
        Instant start = now().plusSeconds(3_600);
        long gift = shop.gift(10, ", \"sale_starts_at\": \"" + start + "\"");

        Answer refused = order(1, gift, 1);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("sale-not-started");
        assertThat(refused.body().get("goods_id")).isEqualTo((int) gift);
        assertThat(refused.body().get("sale_starts_at")).isEqualTo(start.toString());
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void aGiftIsNotSoldAfterItsSaleHasEnded() {
        Instant end = now().minusMillis(1);
        long gift = shop.gift(10, ", \"sale_ends_at\": \"" + end + "\"");

        Answer refused = order(1, gift, 1);

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("sale-ended");
        assertThat(refused.body().get("sale_ends_at")).isEqualTo(end.toString());
        assertThat(shop.stock(gift)).isEqualTo(10);
    }

    @Test
    void aGiftIsSoldWithinItsWindow() {
        Instant now = now();
        long gift = shop.gift(
                10,
                ", \"sale_starts_at\": \"" + now.minusMillis(1) + "\", \"sale_ends_at\": \"" + now.plusSeconds(3_600)
                        + "\"");

        Answer placed = order(1, gift, 1);

        assertThat(placed.status()).isEqualTo(201);
    }

    @Test
    void aSaleStartsByTheClockOfTheDatabase() {
        Instant start = now().plusMillis(1_500);
        long gift = shop.gift(10, ", \"sale_starts_at\": \"" + start + "\"");

        Answer first = shop.order(1, cart(gift, 1))
                .filter(answer -> answer.status() == 201)
                .repeatWhenEmpty(refused -> refused.delayElements(Duration.ofMillis(20)))
                .block(PATIENCE);

        Instant soldAt = Instant.parse(String.valueOf(first.body().get("created_at")));
        assertThat(soldAt).isBetween(start, now());
        assertThat(soldAt).isBefore(start.plusSeconds(5));
    }

    @Test
    void oneGiftOutsideItsWindowHoldsTheWholeCartBack() {
        long onSale = shop.gift(10);
        long ended = shop.gift(10, ", \"sale_ends_at\": \"2020-01-01T00:00:00Z\"");

        Answer refused =
                shop.order(1, "{\"" + onSale + "\": 1, \"" + ended + "\": 1}").block();

        assertThat(refused.problem()).isEqualTo("sale-ended");
        assertThat(shop.stock(onSale)).isEqualTo(10);
        assertThat(shop.pieces(onSale)).isZero();
    }

    @Test
    void nullClearsWhatIsOptionalAndAbsentMembersStay() {
        long gift = shop.gift(
                10,
                ", \"limit_per_user\": 1, \"sale_starts_at\": \"2030-01-01T00:00:00Z\","
                        + " \"sale_ends_at\": \"2031-01-01T00:00:00Z\"");

        Reply started = change(gift, "{\"sale_starts_at\": null}");
        Reply free = change(gift, "{\"sale_ends_at\": null, \"limit_per_user\": null, \"name\": \"Cup\"}");

        assertThat(started.body())
                .doesNotContainKey("sale_starts_at")
                .containsEntry("sale_ends_at", "2031-01-01T00:00:00Z")
                .containsEntry("limit_per_user", 1)
                .containsEntry("price", "9.90");
        assertThat(free.body())
                .containsOnlyKeys("id", "name", "price", "stock", "sales")
                .containsEntry("name", "Cup");
        assertThat(order(1, gift, 5).status()).isEqualTo(201);
    }

    static Stream<Arguments> badMembers() {
        return Stream.of(
                argumentSet("a name that is empty", "name", "\"\""),
                argumentSet("a name of spaces", "name", "\" \\t \""),
                argumentSet("a name that is null", "name", "null"),
                argumentSet("a name that is a number", "name", "7"),
                argumentSet("a name with a line break", "name", "\"Tea\\nset\""),
                argumentSet("a name with a NUL", "name", "\"Tea\\u0000set\""),
                argumentSet("a name with half a surrogate pair", "name", "\"Tea \\ud83c set\""),
                argumentSet("101 Chinese characters", "name", "\"" + "茶".repeat(101) + "\""),
                argumentSet("101 emoji", "name", "\"" + "🍵".repeat(101) + "\""),
                argumentSet("a price that is a number", "price", "9.90"),
                argumentSet("a price that is null", "price", "null"),
                argumentSet("an empty price", "price", "\"\""),
                argumentSet("a price of nothing", "price", "\"0.00\""),
                argumentSet("a negative price", "price", "\"-1.00\""),
                argumentSet("three places", "price", "\"9.900\""),
                argumentSet("a point and nothing behind it", "price", "\"9.\""),
                argumentSet("a point and nothing before it", "price", "\".90\""),
                argumentSet("a price with an exponent", "price", "\"1e2\""),
                argumentSet("a price with a comma", "price", "\"9,90\""),
                argumentSet("a price with a currency", "price", "\"¥9.90\""),
                argumentSet("a price with a leading zero", "price", "\"09.90\""),
                argumentSet("a price in Arabic digits", "price", "\"٩.٩٠\""),
                argumentSet("a fen more than a payment can be", "price", "\"100000000.01\""),
                argumentSet("far more than a payment can be", "price", "\"1000000000000.00\""),
                argumentSet("limit 0", "limit_per_user", "0"),
                argumentSet("a negative limit", "limit_per_user", "-1"),
                argumentSet("a limit with a fraction", "limit_per_user", "1.5"),
                argumentSet("a limit beyond 32 bits", "limit_per_user", "2147483648"),
                argumentSet("a limit that is a string", "limit_per_user", "\"1\""),
                argumentSet("a start without an offset", "sale_starts_at", "\"2030-01-01T00:00:00\""),
                argumentSet("a start without a time", "sale_starts_at", "\"2030-01-01\""),
                argumentSet("a start that is a number", "sale_starts_at", "1893456000"),
                argumentSet("a start in words", "sale_starts_at", "\"tomorrow\""),
                argumentSet("a start that is no day", "sale_starts_at", "\"2030-02-30T00:00:00Z\""),
                argumentSet("a start before all calendars", "sale_starts_at", "\"-999999999-01-01T00:00:00Z\""),
                argumentSet("an end far away", "sale_ends_at", "\"9999-12-31T23:59:59Z\""),
                argumentSet("a member nobody knows", "prize", "\"9.90\""),
                argumentSet("a member the shop counts itself", "sales", "7"),
                argumentSet("the id", "id", "7"));
    }

    @ParameterizedTest
    @MethodSource("badMembers")
    void aBadMemberIsRefusedByName(String member, String value) {
        long gift = shop.gift(10);
        Reply before = get("/gifts/" + gift);
        long gifts = shop.number("SELECT COUNT(*) FROM gift");

        Reply changed = change(gift, "{\"" + member + "\": " + value + ", \"restock\": 5}");
        Reply created = post(newGiftWith(member, value));

        assertInvalid(changed, member);
        assertInvalid(created, member);
        assertThat(get("/gifts/" + gift).body()).isEqualTo(before.body());
        assertThat(shop.number("SELECT COUNT(*) FROM gift")).isEqualTo(gifts);
    }

    static Stream<Arguments> incompleteGifts() {
        return Stream.of(
                argumentSet("no name", "{\"price\": \"1.00\", \"stock\": 1}", "name"),
                argumentSet("no price", "{\"name\": \"Fan\", \"stock\": 1}", "price"),
                argumentSet("no stock", "{\"name\": \"Fan\", \"price\": \"1.00\"}", "stock"),
                argumentSet("negative stock", "{\"name\": \"Fan\", \"price\": \"1.00\", \"stock\": -1}", "stock"),
                argumentSet("half a piece", "{\"name\": \"Fan\", \"price\": \"1.00\", \"stock\": 0.5}", "stock"),
                argumentSet("stock as text", "{\"name\": \"Fan\", \"price\": \"1.00\", \"stock\": \"1\"}", "stock"),
                argumentSet(
                        "restock", "{\"name\": \"Fan\", \"price\": \"1.00\", \"stock\": 1, \"restock\": 1}", "restock"),
                argumentSet("two names", "{\"name\": \"Fan\", \"name\": \"Cup\"}", "body"),
                argumentSet("nothing", "", "body"),
                argumentSet("a list", "[]", "body"),
                argumentSet("null", "null", "body"),
                argumentSet("no JSON", "{\"name\"", "body"),
                argumentSet("a deep name", "{\"name\": " + "[".repeat(20_000), "body"),
                argumentSet("a long number", "{\"stock\": " + "9".repeat(2_000) + "}", "body"),
                argumentSet("two gifts", "{\"name\": \"Fan\"}{\"name\": \"Cup\"}", "body"));
    }

    @ParameterizedTest
    @MethodSource("incompleteGifts")
    void aGiftThatIsNotWholeIsRefused(String body, String field) {
        long gifts = shop.number("SELECT COUNT(*) FROM gift");

        Reply refused = post(body);

        assertInvalid(refused, field);
        assertThat(shop.number("SELECT COUNT(*) FROM gift")).isEqualTo(gifts);
    }

    @Test
    void aChangeOfNothingIsRefused() {
        long gift = shop.gift(10);

        Reply refused = change(gift, "{}");

        assertInvalid(refused, "body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2030-01-01T00:00:00Z", "2029-12-31T00:00:00Z"})
    void aSaleEndsAfterItStarts(String end) {
        long gift = shop.gift(10, ", \"sale_starts_at\": \"2030-01-01T00:00:00Z\"");

        Reply refused = change(gift, "{\"sale_ends_at\": \"" + end + "\"}");

        assertInvalid(refused, "sale_ends_at");
        assertThat(get("/gifts/" + gift).body()).doesNotContainKey("sale_ends_at");
    }

    @ParameterizedTest
    @ValueSource(strings = {"茶", "🍵", "a"})
    void aNameMayHaveAHundredCharacters(String character) {
        String name = character.repeat(100);

        Reply created = post("{\"name\": \"" + name + "\", \"price\": \"1.00\", \"stock\": 1}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(get("/gifts/" + created.id()).body()).containsEntry("name", name);
    }

    @ParameterizedTest
    @CsvSource({
        "9.90, 9.90",
        "9.9, 9.90",
        "9, 9.00",
        "0.01, 0.01",
        "0.10, 0.10",
        "100000000.00, 100000000.00",
        "100000000, 100000000.00"
    })
    void aPriceIsYuanWithAtMostTwoPlaces(String sent, String stored) {
        Reply created = post("{\"name\": \"Fan\", \"price\": \"" + sent + "\", \"stock\": 1}");

        assertThat(created.status()).isEqualTo(201);
        assertThat(get("/gifts/" + created.id()).body()).containsEntry("price", stored);
    }

    @Test
    void aGiftThatIsNotThereCanNeitherBeReadNorChanged() {
        Reply read = get("/gifts/999999");
        Reply changed = change(999_999, "{\"restock\": 1}");

        assertThat(List.of(read, changed)).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.body())
                    .containsEntry("type", "/problems/unknown-gift")
                    .containsEntry("goods_id", 999_999);
        });
    }

    @Test
    void aBuyerHasNoMoreThanTheLimitOverAllOrders() {
        long gift = shop.gift(10, ", \"limit_per_user\": 3");
        Answer two = order(1, gift, 2);
        Answer tooMany = order(1, gift, 2);
        Answer theLast = order(1, gift, 1);
        Answer oneMore = order(1, gift, 1);
        Answer somebodyElse = order(2, gift, 3);

        assertThat(Stream.of(two, theLast, somebodyElse).map(Answer::status)).containsOnly(201);
        assertThat(Stream.of(tooMany, oneMore).map(Answer::problem)).containsOnly("limit-per-user");
        assertThat(tooMany.status()).isEqualTo(409);
        assertThat(tooMany.body().get("goods_id")).isEqualTo((int) gift);
        assertThat(tooMany.body().get("requested")).isEqualTo(2);
        assertThat(tooMany.body().get("limit_per_user")).isEqualTo(3);
        assertThat(tooMany.body().get("already_bought")).isEqualTo(2);
        assertThat(shop.stock(gift)).isEqualTo(4);
        assertThat(shop.pieces(gift)).isEqualTo(6);
    }

    @Test
    void aHundredOrdersAtOnceOfOneBuyerStayWithinTheLimit() {
        long gift = shop.gift(1_000, ", \"limit_per_user\": 7");

        List<Answer> answers = Flux.range(1, 100)
                .flatMap(i -> shop.order(1, cart(gift, 1)), 100)
                .collectList()
                .block();

        assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(7);
        assertThat(answers.stream().filter(answer -> answer.status() == 409)).hasSize(93);
        assertThat(shop.pieces(gift)).isEqualTo(7);
    }

    @Test
    void aLimitSetDuringASaleCountsWhatWasBoughtBefore() {
        long gift = shop.gift(100);
        order(1, gift, 3);
        order(1, gift, 1);

        change(gift, "{\"limit_per_user\": 5}");

        Answer refused = order(1, gift, 2);
        assertThat(refused.problem()).isEqualTo("limit-per-user");
        assertThat(refused.body().get("already_bought")).isEqualTo(4);
        assertThat(order(1, gift, 1).status()).isEqualTo(201);
        assertThat(order(2, gift, 5).status()).isEqualTo(201);
        assertThat(order(2, gift, 1).problem()).isEqualTo("limit-per-user");
    }

    @Test
    void aLimitCanBeLiftedAndSetAgain() {
        long gift = shop.gift(100, ", \"limit_per_user\": 2");
        order(1, gift, 2);

        change(gift, "{\"limit_per_user\": null}");
        Answer unlimited = order(1, gift, 10);
        long counted = shop.number("SELECT COUNT(*) FROM purchase WHERE goods_id = " + gift);
        change(gift, "{\"limit_per_user\": 13}");

        assertThat(unlimited.status()).isEqualTo(201);
        assertThat(counted).isZero();
        Answer refused = order(1, gift, 2);
        assertThat(refused.problem()).isEqualTo("limit-per-user");
        assertThat(refused.body().get("already_bought")).isEqualTo(12);
        assertThat(order(1, gift, 1).status()).isEqualTo(201);
    }

    @Test
    void aLimitCanBeRaisedAndLowered() {
        long gift = shop.gift(100, ", \"limit_per_user\": 2");
        order(1, gift, 2);

        change(gift, "{\"limit_per_user\": 3}");
        Answer third = order(1, gift, 1);
        change(gift, "{\"limit_per_user\": 1}");
        Answer fourth = order(1, gift, 1);

        assertThat(third.status()).isEqualTo(201);
        assertThat(fourth.problem()).isEqualTo("limit-per-user");
        assertThat(fourth.body().get("already_bought")).isEqualTo(3);
    }

    /**
     * Completes once a transaction waits for a row that another one has locked. Asks five times a second: whoever asks
     * more than ten times is shown the same answer for ever.
     */
    private static Mono<Void> someoneWaitsForARow() {
        return Mono.from(shop.database()
                        .sql("SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'")
                        .map(row -> Long.parseLong(String.valueOf(row.get(0))))
                        .one())
                .filter(waiting -> waiting > 0)
                .repeatWhenEmpty(nobody -> nobody.delayElements(Duration.ofMillis(200)))
                .timeout(PATIENCE)
                .then();
    }

    /** The database's clock. */
    private static Instant now() {
        return Instant.ofEpochMilli(shop.number("SELECT CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)"));
    }

    private static Answer order(long uid, long gift, int pieces) {
        return Objects.requireNonNull(shop.order(uid, cart(gift, pieces)).block());
    }

    private static String cart(long gift, int pieces) {
        return "{\"" + gift + "\": " + pieces + "}";
    }

    private static List<String> prices(Answer order) {
        return ((List<?>) Objects.requireNonNull(order.body().get("items")))
                .stream()
                        .map(item -> String.valueOf(((Map<?, ?>) item).get("price")))
                        .toList();
    }

    private static List<Long> ids(Reply page) {
        return ((List<?>) Objects.requireNonNull(page.body().get("gifts")))
                .stream()
                        .map(gift -> ((Number) Objects.requireNonNull(((Map<?, ?>) gift).get("id"))).longValue())
                        .toList();
    }

    /** A good new gift, but for one member. */
    private static String newGiftWith(String member, String value) {
        Map<String, String> members = new LinkedHashMap<>(Map.of("name", "\"Fan\"", "price", "\"1.00\"", "stock", "1"));
        members.put(member, value);
        List<String> pairs = members.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + entry.getValue())
                .toList();
        return "{" + String.join(", ", pairs) + "}";
    }

    private static void assertInvalid(Reply reply, String field) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(400);
        assertThat(reply.type()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(reply.body())
                .containsEntry("type", "/problems/invalid-request")
                .containsEntry("field", field);
    }

    private static Reply get(String path) {
        return Reply.of(shop.http()
                .get()
                .uri(path)
                .exchange()
                .expectBody(new ParameterizedTypeReference<Map<String, @Nullable Object>>() {})
                .returnResult());
    }

    private static Reply post(String body) {
        return operate(HttpMethod.POST, "/gifts", body);
    }

    private static Reply change(long gift, String body) {
        return operate(HttpMethod.PATCH, "/gifts/" + gift, body);
    }

    private static Reply operate(HttpMethod method, String path, String body) {
        return Reply.of(shop.http()
                .method(method)
                .uri(path)
                .headers(headers -> headers.setBearerAuth(TestIssuer.INSTANCE.operator(1)))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange()
                .expectBody(new ParameterizedTypeReference<Map<String, @Nullable Object>>() {})
                .returnResult());
    }

    private record Reply(
            int status, @Nullable String location, @Nullable MediaType type, Map<String, @Nullable Object> body) {

        static Reply of(EntityExchangeResult<Map<String, @Nullable Object>> result) {
            HttpHeaders headers = result.getResponseHeaders();
            return new Reply(
                    result.getStatus().value(),
                    headers.getFirst(HttpHeaders.LOCATION),
                    headers.getContentType(),
                    Objects.requireNonNull(result.getResponseBody()));
        }

        long id() {
            return ((Number) Objects.requireNonNull(body.get("id"))).longValue();
        }
    }
}
