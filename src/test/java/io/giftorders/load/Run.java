package io.giftorders.load;

import io.giftorders.load.Buyers.Buyer;
import io.giftorders.recording.OrderAnswer;
import io.giftorders.recording.Recorder;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One run against one shop: what it needs, what it hears, and the verdict at its end. */
final class Run {

    /** No uid of an earlier run: more than there are buyers in a run, and no two runs begin in one second. */
    private static final long UIDS_PER_SECOND = 100_000;

    private final LoadSettings settings;
    private final ShopClient shop;
    private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final String operator;
    private final Buyers buyers;
    private final Map<LoadScenario, Goods> goods;
    private final Map<LoadScenario, Tally> tallies = each(scenario -> new Tally());
    private final Map<LoadScenario, Map<Feat, LongAdder>> feats = each(scenario -> feats());
    private final Recorder recorder;
    private final AtomicReference<Report> report;

    /** What was found at the end. */
    private record Report(List<Outcome> outcomes, Verdict verdict) {}

    private Run(LoadSettings settings) {
        this.settings = settings;
        this.shop = new ShopClient(settings);
        this.operator = shop.operator();
        this.buyers = new Buyers(
                shop.buyers(start.getEpochSecond() * UIDS_PER_SECOND), Long.toString(start.getEpochSecond()));
        this.goods = goods();
        this.recorder = new Recorder(Path.of("target", "gatling", "answers-" + start.getEpochSecond() + ".csv"));
        this.report = new AtomicReference<>(new Report(
                List.of(), Verdict.unknown(Claim.of(settings.scenarios()), "the run did not come to its end")));
    }

    /** Fetches tokens and puts the gifts of the scenarios on sale. Fails with {@link ShopFailure}. */
    static Run open(LoadSettings settings) {
        return new Run(settings);
    }

    private Map<LoadScenario, Goods> goods() {
        Map<LoadScenario, Goods> all = new EnumMap<>(LoadScenario.class);
        settings.scenarios().forEach(scenario -> all.put(scenario, goods(scenario)));
        return all;
    }

    private Goods goods(LoadScenario scenario) {
        String name = scenario.title();
        return switch (scenario) {
            case HOT_GIFT, RETRIES, PAYING, IMPATIENT -> shop.stock(operator, name, 1, Goods.PLENTY, 1);
            case WIDE_CATALOGUE -> shop.stock(operator, name, settings.gifts(), Goods.PLENTY, 1);
            case CARTS -> shop.stock(operator, name, settings.gifts(), Goods.PLENTY, LoadSettings.CART_LINES);
            case SOLD_OUT -> shop.stock(operator, name, 1, settings.scarceStock(), 1);
        };
    }

    private static <T> Map<LoadScenario, T> each(Function<LoadScenario, T> value) {
        return Arrays.stream(LoadScenario.values())
                .collect(Collectors.toMap(
                        Function.identity(), value, (one, other) -> one, () -> new EnumMap<>(LoadScenario.class)));
    }

    private static Map<Feat, LongAdder> feats() {
        return Arrays.stream(Feat.values())
                .collect(Collectors.toMap(
                        Function.identity(),
                        feat -> new LongAdder(),
                        (one, other) -> one,
                        () -> new EnumMap<>(Feat.class)));
    }

    Buyer nextBuyer() {
        return buyers.next();
    }

    String nextKey() {
        return buyers.key();
    }

    /** A cart of the scenario, as JSON, that a buyer is about to order. */
    String nextCart(LoadScenario scenario) {
        tally(scenario).sent();
        return goodsOf(scenario).cart();
    }

    /** Writes an answer down. */
    void heard(LoadScenario scenario, OrderAnswer answer, int afterMillis, boolean retryAfter) {
        recorder.write(answer);
        tally(scenario).heard(answer, afterMillis, retryAfter);
    }

    void did(LoadScenario scenario, Feat feat) {
        counts(scenario).get(feat).increment();
    }

    /** Waits until the shop is at rest, has its books checked, and finds the verdict. Never fails: that is a verdict too. */
    void end() {
        try {
            recorder.flush();
            shop.awaitRest();
            List<Outcome> outcomes =
                    settings.scenarios().stream().map(this::outcome).toList();
            report.set(new Report(outcomes, Verdict.of(outcomes, shop.books(operator, recorder, start))));
        } catch (RuntimeException failure) {
            report.set(new Report(
                    List.of(), Verdict.unknown(Claim.of(settings.scenarios()), String.valueOf(failure.getMessage()))));
        }
    }

    private Outcome outcome(LoadScenario scenario) {
        Goods sold = goodsOf(scenario);
        Tally tally = tally(scenario);
        long pieces = shop.sold(sold);
        return new Outcome(
                scenario,
                tally.orders(),
                tally.answers(),
                tally.unusual(),
                tally.acknowledged(),
                sold.orders(pieces),
                sold.stock() * sold.gifts().size(),
                pieces,
                tally.lasted(),
                counts(scenario).entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, count -> count.getValue().sum())));
    }

    private Goods goodsOf(LoadScenario scenario) {
        return Objects.requireNonNull(goods.get(scenario));
    }

    private Tally tally(LoadScenario scenario) {
        return Objects.requireNonNull(tallies.get(scenario));
    }

    private Map<Feat, LongAdder> counts(LoadScenario scenario) {
        return Objects.requireNonNull(feats.get(scenario));
    }

    boolean holds(Claim claim) {
        return report.get().verdict().holds(claim);
    }

    void close() {
        recorder.close();
    }

    /** For a person: what the buyers heard, what the database has, and which claims hold. */
    String summary() {
        StringBuilder text = new StringBuilder();
        for (LoadScenario scenario : settings.scenarios()) {
            heard(text, scenario);
        }
        text.append("\nanswers written to ").append(recorder.file()).append("\n\n");
        report.get().verdict().lines().forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private void heard(StringBuilder text, LoadScenario scenario) {
        Tally tally = tally(scenario);
        text.append("\n%s, %,d orders sent in %.1f s%n"
                .formatted(scenario.title(), tally.orders(), tally.lasted().toMillis() / 1_000.0));
        tally.answers().forEach((answer, count) -> row(text, "answered " + answer, count, ""));
        row(
                text,
                "acknowledged",
                tally.acknowledged(),
                "p50 %,d ms, p99 %,d ms".formatted(tally.percentile(0.5), tally.percentile(0.99)));
        report.get().outcomes().stream()
                .filter(outcome -> outcome.scenario() == scenario)
                .forEach(outcome -> row(
                        text,
                        "in the database",
                        outcome.placed(),
                        "%,d orders/s".formatted(outcome.ordersPerSecond())));
    }

    private static void row(StringBuilder text, String name, long count, String remark) {
        text.append("  %-36s %,12d  %s".formatted(name, count, remark).stripTrailing())
                .append('\n');
    }
}
