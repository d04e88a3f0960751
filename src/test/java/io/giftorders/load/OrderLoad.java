package io.giftorders.load;

import static io.gatling.javaapi.core.CoreDsl.StringBody;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.pause;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.regex;
import static io.gatling.javaapi.core.CoreDsl.responseTimeInMillis;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.core.CoreDsl.uniformRandomSwitch;
import static io.gatling.javaapi.http.HttpDsl.header;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.Choice;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.giftorders.load.Buyers.Buyer;
import io.giftorders.recording.OrderAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.core.env.StandardEnvironment;

/**
 * Buyers arrive at a rate, whether or not the shop keeps up. The scenarios run one after the other; then the books are
 * checked. Started by {@code mvn gatling:test}; the README says with which settings.
 */
public final class OrderLoad extends Simulation {

    /** Chosen: more than twice the longest an order may wait in the shop, which is 2 s by default. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Chosen: about what an order takes, less and more, so that buyers hang up before, while and after it is placed. */
    private static final List<Duration> IMPATIENCE = List.of(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(4),
            Duration.ofMillis(8),
            Duration.ofMillis(16),
            Duration.ofMillis(32));

    /** Chosen: with the pauses, time enough for a restart of shop or database. */
    private static final int TRIES = 60;

    /** Chosen: a client that was not heard has nothing to wait for, but should not hammer. */
    private static final Duration BEFORE_ANOTHER_TRY = Duration.ofMillis(500);

    /** Chosen: the first notify is sent at once, and again after seconds. */
    private static final int LOOKS_FOR_PAYMENT = 60;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    /** One of so many buyers in {@code paying} pays. Chosen: signatures of shop and Alipay take most of a core otherwise. */
    private static final int PAYING_SHARE = 10;

    /** {@code status} of an order that is paid and awaits shipment. */
    private static final String PAID = "2";

    /** Chosen: for the last answers, and for the audit of a large shop. A run that does not end by then has failed. */
    private static final Duration FOR_THE_REST = Duration.ofMinutes(10);

    private static final int LATE_BUYERS = 20;

    /** Chosen: a hundred times what an order takes on an idle shop, on a slow machine. */
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    private final LoadSettings settings = LoadSettings.of(new StandardEnvironment());
    private final Run run = Run.open(settings);

    {
        setUp(oneAfterTheOther())
                .protocols(protocol())
                .assertions(assertions())
                .maxDuration(settings.duration()
                        .multipliedBy(settings.scenarios().size())
                        .plus(FOR_THE_REST));
    }

    private HttpProtocolBuilder protocol() {
        return http.baseUrl(settings.shop().toString())
                .shareConnections()
                .disableWarmUp()
                .disableFollowRedirect()
                .userAgentHeader("gift-orders-load");
    }

    private List<Assertion> assertions() {
        return Claim.of(settings.scenarios()).stream()
                .map(claim -> details(claim.sentence()).failedRequests().count().is(0L))
                .toList();
    }

    private PopulationBuilder oneAfterTheOther() {
        List<PopulationBuilder> all = new ArrayList<>();
        settings.scenarios().forEach(scenario -> all.addAll(populations(scenario)));
        all.add(scenario("books").exec(end()).injectOpen(once()));
        PopulationBuilder chain = all.get(all.size() - 1);
        for (int index = all.size() - 2; index >= 0; index--) {
            chain = all.get(index).andThen(chain);
        }
        return chain;
    }

    private List<PopulationBuilder> populations(LoadScenario load) {
        PopulationBuilder storm = scenario(load.title()).exec(chain(load)).injectOpen(arrivals(load));
        if (load != LoadScenario.IMPATIENT) {
            return List.of(storm);
        }
        return List.of(storm, scenario(load.title() + ", later").exec(late()).injectOpen(once()));
    }

    private ChainBuilder chain(LoadScenario load) {
        return switch (load) {
            case HOT_GIFT, WIDE_CATALOGUE, CARTS, SOLD_OUT -> order(load, PATIENCE);
            case RETRIES -> insistent();
            case PAYING -> paying();
            case IMPATIENT -> impatient();
        };
    }

    private OpenInjectionStep[] arrivals(LoadScenario load) {
        double rate = settings.rate(load);
        Duration whole = settings.duration();
        Duration quarter = Duration.ofSeconds(Math.max(1, whole.toSeconds() / 4));
        return switch (load) {
            case HOT_GIFT ->
                new OpenInjectionStep[] {
                    rampUsersPerSec(rate / 20).to(rate).during(whole.minus(quarter)),
                    constantUsersPerSec(rate).during(quarter)
                };
            case SOLD_OUT -> new OpenInjectionStep[] {constantUsersPerSec(rate).during(whole)};
            case WIDE_CATALOGUE, CARTS, RETRIES, PAYING, IMPATIENT ->
                new OpenInjectionStep[] {
                    rampUsersPerSec(rate / 10).to(rate).during(quarter),
                    constantUsersPerSec(rate).during(whole.minus(quarter))
                };
        };
    }

    private static OpenInjectionStep once() {
        return atOnceUsers(1);
    }

    /** One order, sent once. */
    private ChainBuilder order(LoadScenario load, Duration patience) {
        return exec(session -> ready(session, load)).exec(send(load, patience));
    }

    private Session ready(Session session, LoadScenario load) {
        Buyer buyer = run.nextBuyer();
        return session.set("uid", buyer.uid())
                .set("token", buyer.token())
                .set("key", run.nextKey())
                .set("cart", run.nextCart(load))
                .remove("order");
    }

    private ChainBuilder send(LoadScenario load, Duration patience) {
        return exec(session -> session.removeAll("status", "problem", "code", "retry_after", "millis"))
                .exec(http(load.title())
                        .post("/orders")
                        .header("Authorization", "Bearer #{token}")
                        .header("Idempotency-Key", "#{key}")
                        .header("Content-Type", "application/json")
                        .body(StringBody("#{cart}"))
                        .requestTimeout(patience)
                        .check(
                                status().saveAs("status"),
                                status().in(200, 201, 409),
                                header("Retry-After").optional().saveAs("retry_after"),
                                responseTimeInMillis().saveAs("millis"),
                                regex("\"order_code\":\"(\\d+)\"").optional().saveAs("code"),
                                regex("\"type\":\"/problems/([a-z-]+)\"")
                                        .optional()
                                        .saveAs("problem")))
                .exec(session -> heard(session, load));
    }

    /** Writes the answer down; {@code order} is the code of the order once there is one. */
    private Session heard(Session session, LoadScenario load) {
        OrderAnswer answer = answer(session);
        int millis = session.contains("millis") ? session.getInt("millis") : 0;
        run.heard(load, answer, millis, session.contains("retry_after"));
        Session next = session.markAsSucceeded();
        if (!answer.acknowledged()) {
            return next;
        }
        String before = text(session, "order");
        if (!before.isEmpty() && !before.equals(answer.orderCode())) {
            run.did(load, Feat.TWO_ORDERS);
        }
        return next.set("order", answer.orderCode());
    }

    private static OrderAnswer answer(Session session) {
        long uid = session.getLong("uid");
        String key = text(session, "key");
        if (!session.contains("status")) {
            return OrderAnswer.unheard(uid, key);
        }
        return new OrderAnswer(uid, key, session.getInt("status"), text(session, "problem"), text(session, "code"));
    }

    private static String text(Session session, String name) {
        return session.contains(name) ? String.valueOf(session.getString(name)) : "";
    }

    /** Hangs up after some milliseconds. */
    private ChainBuilder impatient() {
        return exec(session -> ready(session, LoadScenario.IMPATIENT)).exec(hasty(LoadScenario.IMPATIENT));
    }

    private ChainBuilder hasty(LoadScenario load) {
        return uniformRandomSwitch()
                .on(IMPATIENCE.stream().map(patience -> send(load, patience)).toList());
    }

    /** Patient buyers after a storm of impatient ones, when the orders of those are through the shop. */
    private ChainBuilder late() {
        LoadScenario load = LoadScenario.IMPATIENT;
        return pause(Duration.ofSeconds(3))
                .repeat(LATE_BUYERS)
                .on(order(load, AT_ONCE).exec(session -> {
                    run.did(load, Feat.CAME_LATER);
                    if (session.contains("order")) {
                        run.did(load, Feat.SERVED_LATER);
                    }
                    return session;
                }));
    }

    /** Sends an order until it knows what became of it: under one key, so that it is one order. */
    private ChainBuilder insistent() {
        LoadScenario load = LoadScenario.RETRIES;
        return exec(session -> ready(session, load).set("tries", 0))
                .exec(hasty(load))
                .asLongAs(session -> !settled(session))
                .on(pause(OrderLoad::beforeAnotherTry)
                        .exec(send(load, PATIENCE))
                        .exec(session -> session.set("tries", session.getInt("tries") + 1)))
                .exec(session -> {
                    if (!session.contains("order")) {
                        run.did(load, Feat.GAVE_UP);
                    }
                    return session;
                });
    }

    private static boolean settled(Session session) {
        return session.contains("order") || answer(session).refused() || session.getInt("tries") == TRIES;
    }

    private static Duration beforeAnotherTry(Session session) {
        return session.contains("retry_after")
                ? Duration.ofSeconds(Long.parseLong(text(session, "retry_after")))
                : BEFORE_ANOTHER_TRY;
    }

    /** Some pay at the local Alipay's cashier, while the others order. */
    private ChainBuilder paying() {
        return order(LoadScenario.PAYING, PATIENCE)
                .doIf(session ->
                        session.contains("order") && ThreadLocalRandom.current().nextInt(PAYING_SHARE) == 0)
                .then(pay());
    }

    /** Half of those who paid close the browser, so that the shop hears of it by Alipay's notify alone. */
    private ChainBuilder pay() {
        return exec(http("pay link")
                        .post("/orders/#{order}/pay")
                        .header("Authorization", "Bearer #{token}")
                        .check(regex("\"pay_url\":\"((https?://[^/]+)[^\"]+)\"")
                                .captureGroups(2)
                                .saveAs("link")))
                .exitHereIfFailed()
                .exec(http("cashier")
                        .get("#{link(0)}")
                        .check(regex("/cashier/[a-z0-9-]+/pay").saveAs("button")))
                .exitHereIfFailed()
                .exec(http("paid")
                        .post("#{link(1)}#{button}")
                        .check(status().is(302), header("Location").saveAs("back")))
                .exitHereIfFailed()
                .randomSwitch()
                .on(new Choice.WithWeight(
                        50, exec(http("back from Alipay").get("#{back}").check(status().is(303)))))
                .exec(session -> {
                    run.did(LoadScenario.PAYING, Feat.PAID);
                    return session.set("paid", false);
                })
                .asLongAs(
                        session -> !session.getBoolean("paid") && session.getInt("looks") < LOOKS_FOR_PAYMENT, "looks")
                .on(exec(http("order page")
                                .get("/orders/#{order}")
                                .header("Authorization", "Bearer #{token}")
                                .check(regex("\"status\":(\\d)").saveAs("order_status")))
                        .exec(OrderLoad::seen)
                        .doIf(session -> !session.getBoolean("paid"))
                        .then(pause(BETWEEN_LOOKS)))
                .exec(session -> {
                    if (session.getBoolean("paid")) {
                        run.did(LoadScenario.PAYING, Feat.PAYMENT_KNOWN);
                    }
                    return session;
                });
    }

    private static Session seen(Session session) {
        return session.markAsSucceeded().set("paid", PAID.equals(text(session, "order_status")));
    }

    /** Nobody orders any more, so this may take its time. Each claim is a line of the report. */
    private ChainBuilder end() {
        ChainBuilder chain = exec(session -> {
            run.end();
            return session;
        });
        for (Claim claim : Claim.of(settings.scenarios())) {
            chain = chain.exec(dummy(claim.sentence(), 0).withSuccess(session -> run.holds(claim)));
        }
        return chain;
    }

    @Override
    public void after() {
        run.close();
        System.out.println(run.summary());
    }
}
