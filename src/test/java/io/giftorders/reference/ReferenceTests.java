package io.giftorders.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.order.OrderStatus;
import io.giftorders.shop.Shop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.EntityExchangeResult;

/** The document that a running service gives, held against the routes and the problems that it has. */
class ReferenceTests {

    private static final Path EXAMPLES = Path.of("src", "docs", "examples.sh");

    /** Of paths that are not here, named after their status, and of bugs. */
    private static final Set<String> OF_NO_REFUSAL = Set.of("not-found", "internal-error");

    /** Said to those who come from Alipay, in a page or a word. */
    private static final String NOT_FROM_ALIPAY = "not-from-alipay";

    private static Shop shop;
    private static Reference reference;

    @BeforeAll
    static void open() {
        shop = Shop.open();
        reference = Reference.read(new String(document().getResponseBody(), StandardCharsets.UTF_8));
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static EntityExchangeResult<byte[]> document() {
        return shop.http()
                .get()
                .uri("/openapi.yaml")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentType("application/yaml")
                .expectHeader()
                .valueEquals("Cache-Control", "no-cache")
                .expectBody()
                .returnResult();
    }

    @Test
    void everyRouteIsDocumentedAndEveryDocumentedCallHasARoute() {
        assertThat(Routes.of(shop.routes())).isEqualTo(reference.calls());
    }

    @Test
    void everyProblemIsDocumentedAndEveryDocumentedProblemIsInTheCode() {
        Set<String> known = new TreeSet<>(ProblemNames.inTheService());
        known.addAll(OF_NO_REFUSAL);
        known.remove(NOT_FROM_ALIPAY);

        assertThat(reference.problems()).isEqualTo(known);
    }

    @Test
    void theReadmeListsTheSameProblems() throws IOException {
        Set<String> listed = Pattern.compile("`([a-z-]+)`")
                .matcher(Files.readAllLines(Path.of("README.md")).stream()
                        .dropWhile(line -> !line.startsWith("| `type` `/problems/…`"))
                        .skip(2)
                        .takeWhile(line -> line.startsWith("|"))
                        .map(line -> line.split("\\|", -1)[1])
                        .collect(Collectors.joining(" ")))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        listed.remove(NOT_FROM_ALIPAY);

        assertThat(reference.problems()).isEqualTo(listed);
    }

    @Test
    void listsNameWhatTheCodeKnows() throws ReflectiveOperationException {
        List<String> statuses = Stream.of(OrderStatus.values())
                .map(status -> Integer.toString(status.code()))
                .toList();

        assertThat(reference.values("OrderStatus", "")).isEqualTo(statuses);
        assertThat(reference.values("Discrepancy", "kind"))
                .isEqualTo(names("io.giftorders.payment.Discrepancies$Kind"));
        assertThat(reference.values("Check", "")).containsAll(names("io.giftorders.audit.Check"));
    }

    /** What the constants of an enum of another package are called outside. */
    private static List<String> names(String type) throws ReflectiveOperationException {
        return Stream.of(Class.forName(type).getEnumConstants())
                .map(constant ->
                        ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }

    @Test
    void everyExampleIsWhatItsSchemaSays() {
        assertThat(reference.faultsOfExamples()).isEmpty();
    }

    @Test
    void everyDocumentedCallIsAmongTheCurlExamples() throws IOException {
        Set<String> called = Pattern.compile("^call ([A-Z]+ [^ ]+) [0-9]{3} ", Pattern.MULTILINE)
                .matcher(Files.readString(EXAMPLES))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(called).isEqualTo(reference.calls());
    }

    @Test
    void whoHasTheDocumentIsNotSentItAgain() {
        String etag = document().getResponseHeaders().getETag();

        shop.http()
                .get()
                .uri("/openapi.yaml")
                .header("If-None-Match", etag)
                .exchange()
                .expectStatus()
                .isNotModified()
                .expectBody()
                .isEmpty();
    }
}
