package io.giftorders.load;

import io.giftorders.load.Buyers.Buyer;
import io.giftorders.recording.Recorder;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the harness itself asks of the shop, before and after the load: tokens, gifts, whether it is at rest, and its books.
 * It waits for each answer. Fails with {@link ShopFailure} where it does not get what it asked for.
 */
final class ShopClient {

    /** Chosen: an audit of ten million orders takes less. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Chosen: beyond every deadline of the service, and time enough for a restart. */
    private static final Duration REST_WITHIN = Duration.ofSeconds(60);

    /** A request to {@code /dev/tokens} stays below the shop's 64 KB. */
    private static final int TOKENS_AT_ONCE = 1_000;

    private static final Pattern PLACED = Pattern.compile("(?m)^gift_orders_placed_total(?:\\{[^}]*})? (\\S+)$");
    private static final Pattern WAITING = Pattern.compile("(?m)^gift_orders_queue_depth(?:\\{[^}]*})? (\\S+)$");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final LoadSettings settings;

    ShopClient(LoadSettings settings) {
        this.settings = settings;
    }

    /** The operator's token, from the file or from a shop that gives tokens away. */
    String operator() {
        return settings.operatorFile()
                .map(file -> lines(file).get(0))
                .orElseGet(() -> devTokens("{\"uid\": 1, \"operator\": true}").get(0));
    }

    /**
     * The buyers, from the file or from a shop that gives tokens away.
     *
     * @param firstUid of buyers the shop has never seen, so that two runs on one database do not mix
     */
    List<Buyer> buyers(long firstUid) {
        return settings.buyersFile().map(ShopClient::lines).orElseGet(() -> newTokens(firstUid)).stream()
                .map(Buyer::with)
                .toList();
    }

    private List<String> newTokens(long firstUid) {
        List<String> tokens = new ArrayList<>();
        long end = firstUid + settings.buyers();
        for (long from = firstUid; from < end; from += TOKENS_AT_ONCE) {
            tokens.addAll(devTokens(LongStream.range(from, Math.min(end, from + TOKENS_AT_ONCE))
                    .mapToObj(Long::toString)
                    .collect(Collectors.joining(", ", "{\"uids\": [", "]}"))));
        }
        return tokens;
    }

    private List<String> devTokens(String wanted) {
        URI tokens = settings.shop().resolve("/dev/tokens");
        HttpResponse<String> answer = send(HttpRequest.newBuilder(tokens), "application/json", text(wanted));
        if (answer.statusCode() == 404) {
            throw new ShopFailure(
                    tokens + " is not there: set load.buyers-file and load.operator-file to files with tokens.");
        }
        return expect(answer, 200).lines().toList();
    }

    private static List<String> lines(Path file) {
        try {
            List<String> lines = Files.readAllLines(file).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
            if (lines.isEmpty()) {
                throw new ShopFailure(file + " has no token.");
            }
            return lines;
        } catch (IOException unreadable) {
            throw new ShopFailure("Cannot read the tokens in " + file + ".", unreadable);
        }
    }

    /** Puts new gifts on sale, at 9.90 each. */
    Goods stock(String operator, String name, int gifts, long stock, int lines) {
        List<Long> ids = IntStream.rangeClosed(1, gifts)
                .parallel()
                .mapToObj(number -> gift(operator, "load " + name + " " + number, stock))
                .toList();
        return new Goods(ids, stock, lines);
    }

    private long gift(String operator, String name, long stock) {
        String form = "{\"name\": \"" + name + "\", \"price\": \"9.90\", \"stock\": " + stock + "}";
        HttpRequest.Builder gifts =
                HttpRequest.newBuilder(settings.shop().resolve("/gifts")).header("Authorization", "Bearer " + operator);
        return json(expect(send(gifts, "application/json", text(form)), 201))
                .get("id")
                .asLong();
    }

    /** Pieces that the database has as sold, of all these gifts. */
    long sold(Goods goods) {
        return goods.gifts().parallelStream()
                .mapToLong(gift -> json(get(settings.shop().resolve("/gifts/" + gift)))
                        .get("sales")
                        .asLong())
                .sum();
    }

    /** Waits until no order waits in the shop and none is placed any more. */
    void awaitRest() {
        Instant end = Instant.now().plus(REST_WITHIN);
        String before = "";
        ShopFailure last = new ShopFailure("Orders are still being placed.");
        while (Instant.now().isBefore(end)) {
            try {
                String now = metrics();
                if (now.equals(before) && now.endsWith(" 0.0")) {
                    return;
                }
                before = now;
            } catch (ShopFailure away) {
                last = away;
            }
            pause(Duration.ofMillis(500));
        }
        throw new ShopFailure(
                "The shop did not come to rest within " + REST_WITHIN.toSeconds() + " s: " + last.getMessage());
    }

    private String metrics() {
        String metrics = get(settings.management().resolve("/actuator/prometheus"));
        return value(PLACED, metrics) + " " + value(WAITING, metrics);
    }

    private static String value(Pattern line, String metrics) {
        Matcher found = line.matcher(metrics);
        return found.find() ? found.group(1) : "0.0";
    }

    /**
     * Has the shop compare its books with what buyers were answered.
     *
     * @param since when the run began; of older orders nobody is asked who sent them
     */
    Books books(String operator, Recorder recorder, Instant since) {
        URI books = settings.management().resolve("/actuator/books?since=" + since);
        Instant end = Instant.now().plus(PATIENCE);
        recorder.flush();
        while (true) {
            HttpResponse<String> answer = send(
                    HttpRequest.newBuilder(books).header("Authorization", "Bearer " + operator),
                    "text/csv",
                    file(recorder.file()));
            if (answer.statusCode() != 503 || Instant.now().isAfter(end)) {
                return Books.of(json(expect(answer, 200)));
            }
            pause(Duration.ofSeconds(
                    answer.headers().firstValueAsLong("Retry-After").orElse(1)));
        }
    }

    private static BodyPublisher text(String body) {
        return BodyPublishers.ofString(body);
    }

    private static BodyPublisher file(Path file) {
        try {
            return BodyPublishers.ofFile(file);
        } catch (IOException gone) {
            throw new ShopFailure("Cannot read " + file + ".", gone);
        }
    }

    private String get(URI address) {
        return expect(send(HttpRequest.newBuilder(address).GET()), 200);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, String contentType, BodyPublisher body) {
        return send(request.header("Content-Type", contentType).POST(body));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        HttpRequest sent = request.timeout(PATIENCE).build();
        try {
            return http.send(sent, BodyHandlers.ofString());
        } catch (IOException noAnswer) {
            throw new ShopFailure(address(sent) + " does not answer.", noAnswer);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ShopFailure("Stopped while waiting for " + address(sent) + ".", stopped);
        }
    }

    private static String expect(HttpResponse<String> answer, int status) {
        if (answer.statusCode() != status) {
            throw new ShopFailure(
                    address(answer.request()) + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private static String address(HttpRequest request) {
        return request.method() + " " + request.uri();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ShopFailure("Stopped while waiting for the shop.", stopped);
        }
    }
}
