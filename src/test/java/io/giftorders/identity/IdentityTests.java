package io.giftorders.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.giftorders.shop.Shop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** Who gets in, and who does not. */
class IdentityTests {

    private static final TestIssuer ISSUER = TestIssuer.INSTANCE;
    private static final String UID = "7";
    private static final String JWT = "--spring.security.oauth2.resourceserver.jwt.";

    /** What Spring Security allows the clocks of issuer and shop to differ. */
    private static final Duration LEEWAY = Duration.ofSeconds(60);

    private static Shop shop;

    /** Takes tokens that are meant for it. */
    private static Shop particular;

    /** Takes tokens of an issuer that it asks for its keys. */
    private static Shop asking;

    /** Has a key and the name of its issuer. */
    private static Shop named;

    /** Its issuer is not there yet. */
    private static Shop waiting;

    private static final AtomicInteger KEYS_FETCHED = new AtomicInteger();

    private static DisposableServer issuer;
    private static int portOfTheIssuerToCome;

    @BeforeAll
    static void open() {
        issuer = issuerOn(0);
        DisposableServer another = issuerOn(0);
        portOfTheIssuerToCome = another.port();
        another.disposeNow();
        shop = Shop.open();
        particular = shop.another(JWT + "audiences=gift-orders,another-name");
        asking = shop.another(JWT + "issuer-uri=" + address(issuer.port()));
        named = shop.another("--gift-orders.identity.issuer=https://issuer.example");
        waiting = shop.another(JWT + "issuer-uri=" + address(portOfTheIssuerToCome));
    }

    @AfterAll
    static void close() {
        issuer.disposeNow();
        Stream.of(waiting, named, asking, particular, shop).forEach(Shop::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/orders", "/orders/1"})
    void whoeverComesWithoutATokenIsAskedForOne(String path) {
        EntityExchangeResult<String> answer = get(shop, path, null);

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.UNAUTHORIZED);
        assertThat(challenge(answer)).isEqualTo("Bearer");
        assertThat(answer.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer.getResponseBody()).contains("\"type\":\"/problems/not-authenticated\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic dXNlcjpwYXNz", "Bearer", "Bearer ", "Token abc", "Bearerabc"})
    void anythingButABearerTokenIsNoToken(String authorization) {
        EntityExchangeResult<String> answer = get(shop, "/orders", authorization);

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.UNAUTHORIZED);
        assertThat(challenge(answer)).startsWith("Bearer");
        assertThat(answer.getResponseBody()).contains("\"type\":\"/problems/not-authenticated\"");
    }

    @Test
    void nobodyOrdersWithoutAToken() {
        long gift = shop.gift(5);

        shop.http()
                .post()
                .uri("/orders")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"" + gift + "\": 1}")
                .exchange()
                .expectStatus()
                .isUnauthorized();

        assertThat(shop.stock(gift)).isEqualTo(5);
        assertThat(shop.pieces(gift)).isZero();
    }

    static Stream<Arguments> badTokens() throws JOSEException {
        RSAKey another = new RSAKeyGenerator(2048).generate();
        byte[] der = ISSUER.key().toRSAPublicKey().getEncoded();
        byte[] pem = TestIssuer.pem(der).getBytes(StandardCharsets.US_ASCII);
        String good = ISSUER.buyer(7);
        JWTClaimsSet claims = TestIssuer.claims(UID).build();
        Instant now = Instant.now();
        return Stream.of(
                argumentSet("garbage", "this-is-no-token-at-all"),
                argumentSet("garbage in three parts", "first-part.second-part.third-part"),
                argumentSet("not Base64", "}}}}}}}}}.{{{{{{{{{{.[[[[[[[[["),
                argumentSet("without its signature", good.substring(0, good.lastIndexOf('.') + 1)),
                argumentSet("one letter of the signature changed", spoilt(good)),
                argumentSet("algorithm none", new PlainJWT(claims).serialize()),
                argumentSet("HS256, keyed with the public key's PEM", signed(JWSAlgorithm.HS256, new MACSigner(pem))),
                argumentSet("HS256, keyed with the public key's DER", signed(JWSAlgorithm.HS256, new MACSigner(der))),
                argumentSet("RS256 by another key", signed(JWSAlgorithm.RS256, new RSASSASigner(another))),
                argumentSet("RS256 by another key that the token brings along", bringsItsKey(another)),
                argumentSet("RS512 by the right key", signed(JWSAlgorithm.RS512, new RSASSASigner(ISSUER.key()))),
                argumentSet("PS256 by the right key", signed(JWSAlgorithm.PS256, new RSASSASigner(ISSUER.key()))),
                argumentSet("expired", ISSUER.sign(expiring(now.minus(LEEWAY).minusSeconds(5)))),
                argumentSet(
                        "not valid yet",
                        ISSUER.sign(TestIssuer.claims(UID)
                                .notBeforeTime(Date.from(now.plus(LEEWAY).plusSeconds(60)))
                                .build())),
                argumentSet(
                        "without exp",
                        ISSUER.sign(TestIssuer.claims(UID).expirationTime(null).build())),
                argumentSet(
                        "without sub",
                        ISSUER.sign(TestIssuer.claims(UID).subject(null).build())),
                argumentSet("sub is empty", of("")),
                argumentSet("sub is a name", of("alice-the-buyer")),
                argumentSet("sub is negative", of("-7")),
                argumentSet("sub has a leading zero", of("01")),
                argumentSet("sub has a sign", of("+7")),
                argumentSet("sub has a space", of(" 7")),
                argumentSet("sub is a fraction", of("7.0")),
                argumentSet("sub in Arabic digits", of("٧")),
                argumentSet("sub is beyond a 64-bit number", of("9223372036854775808")));
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void aBadTokenIsRefusedAndNeverEchoed(String token) {
        EntityExchangeResult<String> answer = get(shop, "/orders", "Bearer " + token);

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.UNAUTHORIZED);
        assertThat(challenge(answer)).startsWith("Bearer error=\"invalid_token\", error_description=\"The token");
        assertThat(answer.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer.getResponseBody()).contains("\"type\":\"/problems/not-authenticated\"");
        String everything = answer.getResponseHeaders() + answer.getResponseBody();
        assertThat(everything).doesNotContain("alice-the-buyer");
        assertThat(Arrays.stream(token.split("\\.")).filter(part -> part.length() > 8))
                .noneMatch(everything::contains);
    }

    @Test
    void anExpiredTokenIsCalledExpired() {
        String token = ISSUER.sign(expiring(Instant.now().minus(LEEWAY).minusSeconds(5)));

        EntityExchangeResult<String> answer = get(shop, "/orders", "Bearer " + token);

        assertThat(challenge(answer)).contains("The token has expired.");
    }

    @Test
    void aTokenThatExpiresWhileItIsRememberedIsRefused() {
        String token = ISSUER.sign(expiring(Instant.now().minus(LEEWAY).plusSeconds(4)));
        assertThat(get(shop, "/orders", "Bearer " + token).getStatus()).isEqualTo(HttpStatus.OK);
        assertThat(get(shop, "/orders", "Bearer " + token).getStatus()).isEqualTo(HttpStatus.OK);

        pause(Duration.ofSeconds(5));
        EntityExchangeResult<String> answer = get(shop, "/orders", "Bearer " + token);

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.UNAUTHORIZED);
        assertThat(challenge(answer)).contains("The token has expired.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer ", "bearer ", "BEARER ", "Bearer   "})
    void theSchemeMayBeWrittenInAnyCase(String scheme) {
        EntityExchangeResult<String> answer = get(shop, "/orders", scheme + ISSUER.buyer(7));

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "7", "999999999999999999"})
    void aUidIsAnyNumberOfUpToEighteenDigits(String uid) {
        EntityExchangeResult<String> answer = get(shop, "/orders", "Bearer " + of(uid));

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.OK);
    }

    static Stream<Arguments> scopesOfBuyers() {
        return Stream.of(
                argumentSet("no scope", "scope", null),
                argumentSet("other scopes", "scope", "openid profile"),
                argumentSet("a longer name", "scope", "shop:operated eshop:operate"),
                argumentSet("another case", "scope", "SHOP:OPERATE"),
                argumentSet("a number", "scope", 7),
                argumentSet("a list of others", "scp", List.of("openid", "shop")),
                argumentSet("a claim that says nothing", "roles", "shop:operate"));
    }

    @ParameterizedTest
    @MethodSource("scopesOfBuyers")
    void aBuyerCannotDoWhatOperatorsDo(String claim, @Nullable Object scope) {
        long before = shop.number("SELECT COUNT(*) FROM gift");

        EntityExchangeResult<String> answer = addGift(scoped(claim, scope));

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.FORBIDDEN);
        assertThat(challenge(answer)).isEqualTo("Bearer error=\"insufficient_scope\", scope=\"shop:operate\"");
        assertThat(answer.getResponseHeaders().getContentType()).isEqualTo(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(answer.getResponseBody()).contains("\"type\":\"/problems/not-allowed\"");
        assertThat(shop.number("SELECT COUNT(*) FROM gift")).isEqualTo(before);
    }

    static Stream<Arguments> scopesOfOperators() {
        return Stream.of(
                argumentSet("alone", "scope", "shop:operate"),
                argumentSet("among others", "scope", "openid shop:operate profile"),
                argumentSet("in a list named scp", "scp", List.of("openid", "shop:operate")),
                argumentSet("in a string named scp", "scp", "openid shop:operate"),
                argumentSet("in a list named scope", "scope", List.of("shop:operate")));
    }

    @ParameterizedTest
    @MethodSource("scopesOfOperators")
    void anOperatorIsKnownByTheScope(String claim, Object scope) {
        EntityExchangeResult<String> answer = addGift(scoped(claim, scope));

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.CREATED);
    }

    @Test
    void anOperatorsCallAsksForATokenFirst() {
        EntityExchangeResult<String> answer = addGift(null);

        assertThat(answer.getStatus()).isEqualTo(HttpStatus.UNAUTHORIZED);
        assertThat(challenge(answer)).isEqualTo("Bearer");
    }

    static Stream<Arguments> audiences() {
        return Stream.of(
                argumentSet("the shop", audience("gift-orders"), HttpStatus.OK),
                argumentSet("the shop by its other name", audience("another-name"), HttpStatus.OK),
                argumentSet("the shop among others", audience("elsewhere", "gift-orders"), HttpStatus.OK),
                argumentSet("somebody else", audience("elsewhere"), HttpStatus.UNAUTHORIZED),
                argumentSet("a longer name", audience("gift-orders-2"), HttpStatus.UNAUTHORIZED),
                argumentSet("nobody", ISSUER.buyer(7), HttpStatus.UNAUTHORIZED));
    }

    @ParameterizedTest
    @MethodSource("audiences")
    void whereAnAudienceIsConfiguredATokenMustBeMeantForTheShop(String token, HttpStatus expected) {
        HttpStatusCode status = get(particular, "/orders", "Bearer " + token).getStatus();

        assertThat(status).isEqualTo(expected);
    }

    @Test
    void whereAnIssuerIsNamedBesideAKeyATokenMustBeItsOwn() {
        HttpStatusCode its = get(named, "/orders", "Bearer " + issuedBy("https://issuer.example"))
                .getStatus();
        HttpStatusCode anothers = get(named, "/orders", "Bearer " + issuedBy("https://another.example"))
                .getStatus();
        HttpStatusCode nobodys =
                get(named, "/orders", "Bearer " + ISSUER.buyer(7)).getStatus();

        assertThat(its).isEqualTo(HttpStatus.OK);
        assertThat(anothers).isEqualTo(HttpStatus.UNAUTHORIZED);
        assertThat(nobodys).isEqualTo(HttpStatus.UNAUTHORIZED);
    }

    @Test
    void whereAnIssuerIsConfiguredATokenMustBeItsOwn() {
        String own = address(issuer.port());

        HttpStatusCode its = get(asking, "/orders", "Bearer " + issuedBy(own)).getStatus();
        HttpStatusCode anothers =
                get(asking, "/orders", "Bearer " + issuedBy(own + "/another")).getStatus();
        HttpStatusCode nobodys =
                get(asking, "/orders", "Bearer " + ISSUER.buyer(7)).getStatus();

        assertThat(its).isEqualTo(HttpStatus.OK);
        assertThat(anothers).isEqualTo(HttpStatus.UNAUTHORIZED);
        assertThat(nobodys).isEqualTo(HttpStatus.UNAUTHORIZED);
    }

    @Test
    void inventedKeysMakeNoRequestsToTheIssuerEach() throws JOSEException {
        String good = "Bearer " + issuedBy(address(issuer.port()));
        assertThat(get(asking, "/orders", good).getStatus()).isEqualTo(HttpStatus.OK);
        int before = KEYS_FETCHED.get();

        for (int i = 0; i < 50; i++) {
            JWSHeader invented = new JWSHeader.Builder(JWSAlgorithm.RS256)
                    .keyID("invented-" + i)
                    .build();
            String token = signed(invented, new RSASSASigner(ISSUER.key()));
            assertThat(get(asking, "/orders", "Bearer " + token).getStatus()).isEqualTo(HttpStatus.UNAUTHORIZED);
        }

        assertThat(KEYS_FETCHED.get() - before).isBetween(1, 10);
        assertThat(get(asking, "/orders", good).getStatus()).isEqualTo(HttpStatus.OK);
    }

    @Test
    void whileTheIssuerIsAwayBuyersAreAskedToComeBack() {
        String token = "Bearer " + issuedBy(address(portOfTheIssuerToCome));

        EntityExchangeResult<String> away = get(waiting, "/orders", token);
        DisposableServer back = issuerOn(portOfTheIssuerToCome);
        EntityExchangeResult<String> served = get(waiting, "/orders", token);
        back.disposeNow();

        assertThat(away.getStatus()).isEqualTo(HttpStatus.SERVICE_UNAVAILABLE);
        assertThat(away.getResponseHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("5");
        assertThat(away.getResponseBody()).contains("\"type\":\"/problems/issuer-unavailable\"");
        assertThat(served.getStatus()).isEqualTo(HttpStatus.OK);
    }

    private static EntityExchangeResult<String> get(Shop asked, String path, @Nullable String authorization) {
        return asked.http()
                .get()
                .uri(path)
                .headers(headers -> authorize(headers, authorization))
                .exchange()
                .expectBody(String.class)
                .returnResult();
    }

    private static EntityExchangeResult<String> addGift(@Nullable String token) {
        return shop.http()
                .post()
                .uri("/gifts")
                .headers(headers -> authorize(headers, token == null ? null : "Bearer " + token))
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue("{\"name\": \"Fan 扇子\", \"price\": \"5.00\", \"stock\": 1}")
                .exchange()
                .expectBody(String.class)
                .returnResult();
    }

    private static void authorize(HttpHeaders headers, @Nullable String authorization) {
        if (authorization != null) {
            headers.set(HttpHeaders.AUTHORIZATION, authorization);
        }
    }

    private static String challenge(EntityExchangeResult<String> answer) {
        return Objects.requireNonNull(answer.getResponseHeaders().getFirst(HttpHeaders.WWW_AUTHENTICATE));
    }

    private static String of(String subject) {
        return ISSUER.sign(TestIssuer.claims(subject).build());
    }

    private static JWTClaimsSet expiring(Instant end) {
        return TestIssuer.claims(UID)
                .issueTime(Date.from(end.minusSeconds(3_600)))
                .expirationTime(Date.from(end))
                .build();
    }

    private static String scoped(String claim, @Nullable Object scope) {
        return ISSUER.sign(TestIssuer.claims(UID).claim(claim, scope).build());
    }

    private static String audience(String... audience) {
        return ISSUER.sign(TestIssuer.claims(UID).audience(List.of(audience)).build());
    }

    private static String issuedBy(String issuer) {
        return ISSUER.sign(TestIssuer.claims(UID).issuer(issuer).build());
    }

    private static String signed(JWSAlgorithm algorithm, JWSSigner signer) throws JOSEException {
        return signed(new JWSHeader(algorithm), signer);
    }

    private static String bringsItsKey(RSAKey key) throws JOSEException {
        return signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(key.toPublicJWK()).build(), new RSASSASigner(key));
    }

    private static String signed(JWSHeader header, JWSSigner signer) throws JOSEException {
        SignedJWT token = new SignedJWT(header, TestIssuer.claims(UID).build());
        token.sign(signer);
        return token.serialize();
    }

    /** Changes the middle of the signature: the last letter of it may carry bits that count for nothing. */
    private static String spoilt(String token) {
        int place = token.length() - 100;
        char other = token.charAt(place) == 'A' ? 'B' : 'A';
        return token.substring(0, place) + other + token.substring(place + 1);
    }

    private static void pause(Duration time) {
        Mono.delay(time).block();
    }

    private static String address(int port) {
        return "http://127.0.0.1:" + port;
    }

    /** An OpenID provider, as far as the shop looks at it. */
    private static DisposableServer issuerOn(int port) {
        String keys = new JWKSet(ISSUER.key().toPublicJWK()).toString();
        return HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .route(routes -> routes.get("/keys", (request, response) -> {
                            KEYS_FETCHED.incrementAndGet();
                            return response.header("Content-Type", MediaType.APPLICATION_JSON_VALUE)
                                    .sendString(Mono.just(keys));
                        })
                        .get("/.well-known/openid-configuration", (request, response) -> {
                            String self = "http://" + request.requestHeaders().get("Host");
                            String facts = "{\"issuer\": \"" + self + "\", \"jwks_uri\": \"" + self
                                    + "/keys\", \"subject_types_supported\": [\"public\"]}";
                            return response.header("Content-Type", MediaType.APPLICATION_JSON_VALUE)
                                    .sendString(Mono.just(facts));
                        }))
                .bindNow();
    }
}
