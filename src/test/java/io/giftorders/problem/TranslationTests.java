package io.giftorders.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Problems in the language of whoever meets them. */
class TranslationTests {

    private static final Pattern CHINESE = Pattern.compile("\\p{IsHan}");

    private static final Pattern KIND =
            Pattern.compile("^\\| (`[a-z-]+`(?:, `[a-z-]+`)*) \\| [45][0-9]{2} ", Pattern.MULTILINE);

    private static Shop shop;
    private static long gift;

    @BeforeAll
    static void open() {
        shop = Shop.open();
        gift = shop.gift(3);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh", "zh-CN", "zh-Hant-TW, zh;q=0.9, en;q=0.8", "de, zh;q=0.5", "en;q=0.5, zh"})
    void whoPrefersChineseGetsIt(String acceptLanguage) {
        assertThat(Translation.isWanted(acceptLanguage)).isTrue();
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "en", "en-US, zh;q=0.5", "de", "*", "zh;q=x", ";;zh", "zhx"})
    void everybodyElseGetsEnglish(String acceptLanguage) {
        assertThat(Translation.isWanted(acceptLanguage)).isFalse();
    }

    /** The README lists the kinds of problems. */
    @Test
    void everyKindOfProblemHasAChineseTitle() throws IOException {
        String problems = Files.readString(Path.of("README.md"));
        List<String> kinds = KIND.matcher(problems.substring(problems.indexOf("## Problems")))
                .results()
                .flatMap(row -> List.of(row.group(1).replace("`", "").split(", ")).stream())
                .toList();

        assertThat(kinds).hasSizeGreaterThanOrEqualTo(30).contains("out-of-stock", "alipay-busy");
        assertThat(kinds).allSatisfy(kind -> {
            ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.CONFLICT, "In English.");
            problem.setType(URI.create("/problems/" + kind));
            assertThat(Translation.of(problem).getTitle()).as(kind).containsPattern(CHINESE);
        });
    }

    @Test
    void aRefusedOrderSaysWhyInChineseAndKeepsItsFacts() {
        shop.http()
                .post()
                .uri("/orders")
                .headers(headers -> headers.setBearerAuth(Shop.buyer(7)))
                .header(HttpHeaders.ACCEPT_LANGUAGE, "zh-CN,zh;q=0.9")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"" + gift + "\": 5}")
                .exchange()
                .expectStatus()
                .isEqualTo(HttpStatus.CONFLICT)
                .expectHeader()
                .valueEquals(HttpHeaders.CONTENT_LANGUAGE, "zh")
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.type")
                .isEqualTo("/problems/out-of-stock")
                .jsonPath("$.title")
                .isEqualTo("库存不足")
                .jsonPath("$.detail")
                .isEqualTo("礼品 " + gift + " 仅剩 3 件。")
                .jsonPath("$.available")
                .isEqualTo(3);
    }

    @Test
    void problemsOutsideTheRoutesFollowToo() {
        WebTestClient.BodyContentSpec nothingHere = shop.http()
                .get()
                .uri("/nothing/here")
                .header(HttpHeaders.ACCEPT_LANGUAGE, "zh")
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectBody();
        nothingHere.jsonPath("$.type").isEqualTo("/problems/not-found");
        nothingHere.jsonPath("$.title").isEqualTo("没有找到");

        shop.http()
                .get()
                .uri("/orders")
                .header(HttpHeaders.ACCEPT_LANGUAGE, "zh")
                .exchange()
                .expectStatus()
                .isUnauthorized()
                .expectHeader()
                .exists(HttpHeaders.WWW_AUTHENTICATE)
                .expectBody()
                .jsonPath("$.title")
                .isEqualTo("未登录");
    }
}
