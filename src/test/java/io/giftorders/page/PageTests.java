package io.giftorders.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.shop.Shop;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.netty.http.client.HttpClient;

/** The pages and their files, as HTTP gives them. */
class PageTests {

    private static Shop shop;
    private static WebTestClient http;

    @BeforeAll
    static void open() {
        shop = Shop.open(
                "--gift-orders.pages.open-id.issuer=https://login.example/buyers",
                "--gift-orders.pages.open-id.client-id=pages",
                "--gift-orders.pages.open-id.origins=https://tokens.example:8443/oauth2/token");
        // one that unpacks nothing by itself
        http = WebTestClient.bindToServer(new ReactorClientHttpConnector(HttpClient.create()))
                .baseUrl(shop.address())
                .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(4 * 1024 * 1024))
                .build();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/desk", "/reference"})
    void aPageIsAskedForEachTimeAndRunsNothingOfOthers(String path) {
        HttpHeaders page = get(path).getResponseHeaders();

        assertThat(page.getFirst("Content-Type")).isEqualTo("text/html;charset=UTF-8");
        assertThat(page.getCacheControl()).isEqualTo("no-cache");
        assertThat(page.getVary()).containsExactly("Accept-Encoding");
        assertThat(page.getFirst("Content-Security-Policy"))
                .isEqualTo("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                        + " font-src 'self'; connect-src 'self' https://login.example https://tokens.example:8443;"
                        + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
        assertThat(page.getFirst("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(page.getFirst("Referrer-Policy")).isEqualTo("no-referrer");
    }

    @Test
    void whoHasAPageIsNotSentItAgain() {
        String etag = get("/").getResponseHeaders().getETag();

        http.get()
                .uri("/")
                .header("Accept-Encoding", "identity")
                .header("If-None-Match", etag)
                .exchange()
                .expectStatus()
                .isNotModified()
                .expectBody()
                .isEmpty();
    }

    @Test
    void aFileUnderItsEditionIsKeptAndUnderAnotherOrNoneIsNot() {
        String kept = assetOf("/", "frame.css");

        assertThat(get(kept).getResponseHeaders().getCacheControl()).isEqualTo("max-age=31536000, public, immutable");
        assertThat(get("/assets/frame.css").getResponseHeaders().getCacheControl())
                .isEqualTo("no-cache");
        assertThat(get("/assets/0123456789ab/frame.css").getResponseHeaders().getCacheControl())
                .isEqualTo("no-cache");
        assertThat(get("/assets/0123456789ab/frame.css").getResponseBody())
                .isEqualTo(get(kept).getResponseBody());
    }

    private static String assetOf(String page, String name) {
        Matcher address = Pattern.compile("/assets/[0-9a-f]{12}/" + name)
                .matcher(new String(get(page).getResponseBody(), StandardCharsets.UTF_8));
        assertThat(address.find()).isTrue();
        return address.group();
    }

    @Test
    void aFileIsCompressedForWhoCanUnpackIt() throws IOException {
        EntityExchangeResult<byte[]> plain = get("/assets/lib/swagger-ui.js");
        EntityExchangeResult<byte[]> small = get("/assets/lib/swagger-ui.js", "br;q=1.0, gzip;q=0.8");

        assertThat(plain.getResponseHeaders().getFirst("Content-Encoding")).isNull();
        assertThat(small.getResponseHeaders().getFirst("Content-Encoding")).isEqualTo("gzip");
        assertThat(small.getResponseHeaders().getETag())
                .isNotEqualTo(plain.getResponseHeaders().getETag());
        assertThat(small.getResponseBody()).hasSizeLessThan(plain.getResponseBody().length / 3);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(small.getResponseBody())).readAllBytes())
                .isEqualTo(plain.getResponseBody());
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "br", "gzip;q=0", "gzip; q=0.000"})
    void aFileIsNotCompressedForWhoCannot(String accepted) {
        assertThat(get("/assets/frame.css", accepted).getResponseHeaders().getFirst("Content-Encoding"))
                .isNull();
    }

    @Test
    void aHeadIsThePagesHead() {
        HttpHeaders page = get("/").getResponseHeaders();

        EntityExchangeResult<byte[]> head = http.head()
                .uri("/")
                .header("Accept-Encoding", "identity")
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult();

        assertThat(head.getResponseBody()).isNull();
        assertThat(head.getResponseHeaders().getETag()).isEqualTo(page.getETag());
        assertThat(head.getResponseHeaders().getContentLength()).isEqualTo(page.getContentLength());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/assets/nothing.js",
                "/assets/",
                "/assets/lib/",
                "/assets/shop.html",
                "/assets/0123456789ab/nothing.js",
                "/assets/../application.yaml",
                "/assets/lib/..%2fframe.css",
                "/assets/%2e%2e/application.yaml",
                "/shop.html",
                "/shop",
                "/desk/",
                "/pages/shop.js"
            })
    void whatIsNoFileOfThePagesIsNotFound(String path) {
        http.get()
                .uri(URI.create(shop.address() + path))
                .exchange()
                .expectStatus()
                .isNotFound()
                .expectHeader()
                .contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void pagesAreReadAndNothingElse(String method) {
        http.method(HttpMethod.valueOf(method))
                .uri("/")
                .exchange()
                .expectStatus()
                .isNotFound();
    }

    private static EntityExchangeResult<byte[]> get(String path) {
        return get(path, "identity");
    }

    private static EntityExchangeResult<byte[]> get(String path, String encoding) {
        return http.get()
                .uri(path)
                .header("Accept-Encoding", encoding)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody()
                .returnResult();
    }
}
