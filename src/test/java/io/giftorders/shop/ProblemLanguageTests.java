package io.giftorders.shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Title and detail of a problem follow the reader's language; what programs read stays as it is. */
class ProblemLanguageTests {

    private static Shop shop;
    private static long tea;

    @BeforeAll
    static void open() {
        shop = Shop.open();
        tea = shop.gift(3);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void aRefusalIsReadInTheLanguageAskedFor() {
        Problem english = order("{\"" + tea + "\": 4}", null);
        Problem chinese = order("{\"" + tea + "\": 4}", "zh-CN,zh;q=0.9,en;q=0.8");

        assertThat(english.says()).containsExactly("Conflict", "Gift " + tea + " has 3 left.");
        assertThat(chinese.says()).containsExactly("库存不足", "礼品 " + tea + " 仅剩 3 件。");
        assertThat(chinese.facts())
                .isEqualTo(english.facts())
                .containsEntry("type", "/problems/out-of-stock")
                .containsEntry("status", 409)
                .containsEntry("available", 3);
        assertThat(english.languages()).containsExactly("en", "Accept-Language");
        assertThat(chinese.languages()).containsExactly("zh", "Accept-Language");
    }

    @Test
    void aSentenceInASentenceIsTranslatedToo() {
        Problem english = order("{\"1\" 4}", "en");
        Problem chinese = order("{\"1\" 4}", "zh");

        assertThat(english.says().get(1)).startsWith("The body is not JSON at line 1, column ");
        assertThat(chinese.says().get(1)).startsWith("请求正文不是 JSON（第 1 行第 ").endsWith(" 列）。");
    }

    @Test
    void whatKeepsAStrangerOutIsSaidInTheStrangersLanguage() {
        Problem chinese = call(HttpMethod.POST, "/gifts", request -> request.header(HttpHeaders.ACCEPT_LANGUAGE, "zh")
                .headers(headers -> headers.setBearerAuth("no.token.at-all")));

        assertThat(chinese.says()).containsExactly("未登录", "登录令牌无效。");
        assertThat(chinese.headers().getFirst(HttpHeaders.WWW_AUTHENTICATE))
                .isEqualTo("Bearer error=\"invalid_token\", error_description=\"The token is not valid.\"");
    }

    @Test
    void theFrameworksProblemsAreTranslatedToo() {
        Problem english = call(HttpMethod.GET, "/nowhere", request -> request);
        Problem chinese =
                call(HttpMethod.GET, "/nowhere", request -> request.header(HttpHeaders.ACCEPT_LANGUAGE, "zh-Hans"));

        assertThat(english.body()).containsEntry("title", "Not Found");
        assertThat(chinese.says()).containsExactly("没有找到", "没有这个地址，或该地址不支持此方法。");
        assertThat(chinese.facts()).isEqualTo(english.facts()).containsEntry("type", "/problems/not-found");
        assertThat(english.languages()).containsExactly("en", "Accept-Language");
        assertThat(chinese.languages()).containsExactly("zh", "Accept-Language");
    }

    @Test
    void whoComesBackFromNowhereReadsAPageInTheOwnLanguage() {
        String page = shop.http()
                .get()
                .uri("/alipay/return?out_trade_no=1")
                .header(HttpHeaders.ACCEPT_LANGUAGE, "zh-CN")
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectHeader()
                .valueEquals(HttpHeaders.CONTENT_LANGUAGE, "zh")
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();

        assertThat(page).contains("<html lang=\"zh\">", "此请求并非来自支付宝", "请在商店中查看您的订单");
    }

    private static Problem order(String cart, @Nullable String language) {
        return call(HttpMethod.POST, "/orders", request -> {
            request.headers(headers -> {
                headers.setBearerAuth(Shop.buyer(7));
                if (language != null) {
                    headers.set(HttpHeaders.ACCEPT_LANGUAGE, language);
                }
            });
            request.contentType(MediaType.APPLICATION_JSON).bodyValue(cart);
            return request;
        });
    }

    private static Problem call(HttpMethod method, String path, UnaryOperator<WebTestClient.RequestBodySpec> request) {
        EntityExchangeResult<Map<String, @Nullable Object>> answer = request.apply(
                        shop.http().method(method).uri(path))
                .exchange()
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody(new ParameterizedTypeReference<Map<String, @Nullable Object>>() {})
                .returnResult();
        return new Problem(Objects.requireNonNull(answer.getResponseBody()), answer.getResponseHeaders());
    }

    private record Problem(Map<String, @Nullable Object> body, HttpHeaders headers) {

        List<String> says() {
            return List.of(String.valueOf(body.get("title")), String.valueOf(body.get("detail")));
        }

        Map<String, @Nullable Object> facts() {
            Map<String, @Nullable Object> facts = new HashMap<>(body);
            facts.keySet().removeAll(Set.of("title", "detail"));
            return facts;
        }

        List<@Nullable String> languages() {
            return Arrays.asList(headers.getFirst(HttpHeaders.CONTENT_LANGUAGE), headers.getFirst(HttpHeaders.VARY));
        }
    }
}
