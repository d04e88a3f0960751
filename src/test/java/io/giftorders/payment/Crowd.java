package io.giftorders.payment;

import io.giftorders.localalipay.Declined;
import io.giftorders.localalipay.Delivery;
import io.giftorders.localalipay.LocalAlipay;
import io.giftorders.shop.Shop;
import io.giftorders.shop.Shop.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.http.HttpMethod;

/** Buyers and operators who do all that can be done with an order, in any order, and remember what they were told. */
public final class Crowd {

    private static final int BUYERS = 200;

    private final LocalAlipay alipay;
    private final Doors doors;
    private final Promises promises;
    private final ScheduledExecutorService later;
    private final Duration payWithin;
    private final List<Long> gifts;
    private final Ordering ordering;

    /** Sends a new order under a key of its own until the buyer has an answer, or has had enough. */
    public interface Ordering {

        /** @return empty where the buyer heard nothing */
        Optional<Answer> order(long uid, String key, String cart, Random random);
    }

    /**
     * @param gifts one there is plenty of, one that is scarce, one with a limit per buyer; then any number of others
     * @param ordering how orders are sent
     */
    public Crowd(
            LocalAlipay alipay,
            Doors doors,
            Ordering ordering,
            Promises promises,
            ScheduledExecutorService later,
            Duration payWithin,
            List<Long> gifts) {
        this.alipay = alipay;
        this.doors = doors;
        this.ordering = ordering;
        this.promises = promises;
        this.later = later;
        this.payWithin = payWithin;
        this.gifts = gifts;
    }

    /** One order of one buyer. */
    public void buy(Random random) {
        long uid = 1L + random.nextInt(BUYERS);
        String key = new UUID(random.nextLong(), random.nextLong()).toString();
        ordering.order(uid, key, cart(random), random)
                .filter(answer -> answer.status() == 201 || answer.status() == 200)
                .ifPresent(answer -> {
                    promises.ordered(answer);
                    live(uid, answer.orderCode(), random);
                });
    }

    private String cart(Random random) {
        String scarce = random.nextInt(3) == 0 ? ", \"" + gifts.get(1) + "\": 1" : "";
        String limited = random.nextInt(4) == 0 ? ", \"" + gifts.get(2) + "\": " + (1 + random.nextInt(2)) : "";
        return "{\"" + gifts.get(0) + "\": " + (1 + random.nextInt(3)) + scarce + limited + other(random) + "}";
    }

    private String other(Random random) {
        List<Long> others = gifts.subList(3, gifts.size());
        return others.isEmpty() ? "" : ", \"" + others.get(random.nextInt(others.size())) + "\": 1";
    }

    private void live(long uid, String order, Random random) {
        int fate = random.nextInt(12);
        if (fate == 0) {
            return;
        }
        if (fate == 1) {
            cancel(uid, order);
            return;
        }
        Optional<String> opened = open(uid, order);
        if (opened.isEmpty() || fate == 2) {
            return;
        }
        switch (fate) {
            case 3 -> login(order);
            case 4 -> {
                login(order);
                cancel(uid, order);
            }
            case 5 -> cancelWhilePaying(uid, order);
            case 6 -> payAfterClose(uid, order);
            case 7 -> after(payWithin.toMillis() + random.nextInt(3_000), () -> payAnyhow(order));
            case 8 -> {
                pay(order);
                after(random.nextInt(3_000), () -> payAgain(order));
            }
            default -> {
                pay(order).ifPresent(back -> visitIf(random.nextBoolean(), back));
                after(1_000 + random.nextInt(3_000), () -> receive(uid, order));
            }
        }
    }

    private Optional<String> open(long uid, String order) {
        Optional<Answer> link = doors.act(Shop.buyer(uid), order, "pay").filter(answer -> answer.status() == 200);
        link.ifPresent(answer -> promises.linked(order));
        return link.flatMap(answer ->
                unlessDeclined(() -> alipay.open(String.valueOf(answer.body().get("pay_url")))));
    }

    private void login(String order) {
        var unused = unlessDeclined(() -> {
            alipay.login(order);
            return order;
        });
    }

    private Optional<String> pay(String order) {
        return unlessDeclined(() -> alipay.pay(order));
    }

    private void visitIf(boolean comesBack, String url) {
        if (comesBack) {
            doors.visit(url, null);
        }
    }

    private void cancel(long uid, String order) {
        doors.act(Shop.buyer(uid), order, "cancel")
                .filter(answer -> answer.status() == 200)
                .ifPresent(closed -> promises.closed(order));
    }

    private void cancelWhilePaying(long uid, String order) {
        CompletableFuture<Void> payment = CompletableFuture.runAsync(
                () -> {
                    var unused = pay(order);
                },
                later);
        cancel(uid, order);
        payment.join();
    }

    private void payAfterClose(long uid, String order) {
        login(order);
        cancel(uid, order);
        payAnyhow(order);
    }

    private void payAnyhow(String order) {
        promises.paidAnyhow(order);
        var unused = unlessDeclined(() -> alipay.forcePaidAfterClose(order));
    }

    private void payAgain(String order) {
        promises.paidAnyhow(order);
        var unused = unlessDeclined(() -> alipay.forcePaid(order, "77" + order));
    }

    private void receive(long uid, String order) {
        doors.act(Shop.buyer(uid), order, "receive")
                .filter(answer -> answer.status() == 200)
                .ifPresent(received -> promises.received(order));
    }

    private void after(long millis, Runnable work) {
        var unused = later.schedule(work, millis, TimeUnit.MILLISECONDS);
    }

    private static Optional<String> unlessDeclined(Supplier<String> visit) {
        try {
            return Optional.of(visit.get());
        } catch (Declined refused) {
            return Optional.empty();
        }
    }

    /** One thing that an operator does with a paid order. */
    public void operate(String order, Random random) {
        String operator = Shop.operator();
        String path = "/orders/" + order + "/refund";
        switch (random.nextInt(5)) {
            case 0, 1 ->
                doors.act(operator, order, "ship")
                        .filter(answer -> answer.status() == 200)
                        .ifPresent(shipped -> promises.shipped(order));
            case 2 -> doors.insist(HttpMethod.POST, path, operator, null, null).ifPresent(this::accepted);
            default -> {
                String key = new UUID(random.nextLong(), random.nextLong()).toString();
                String one = "{\"" + gifts.get(0) + "\": 1}";
                doors.insist(HttpMethod.POST, path, operator, one, key).ifPresent(this::accepted);
            }
        }
    }

    private void accepted(Answer answer) {
        if (answer.status() == 202) {
            promises.refunded(answer);
        }
    }

    /** Tells again of notifies that were delivered before, the last one first. */
    public void replay(int notifies, Random random, String notifyUrl) {
        Set<String> orders = promises.orders();
        List<Delivery> before = new ArrayList<>(alipay.deliveries());
        before.removeIf(delivery -> !orders.contains(delivery.outTradeNo()));
        Collections.reverse(before);
        before.stream()
                .skip(random.nextInt(1 + before.size() / 2))
                .limit(notifies)
                .forEach(delivery -> doors.visit(notifyUrl, delivery.form()));
    }

    /** Tells once more of a payment whose notifies were all lost: Alipay's next attempt, or its bill. */
    void tellAgain(String order, String tradeNo, String notifyUrl) {
        Map<String, String> notify = new TreeMap<>(alipay.notifyParameters(order));
        notify.keySet().removeAll(List.of("refund_fee", "send_back_fee", "out_biz_no", "gmt_refund", "gmt_close"));
        notify.put("trade_no", tradeNo);
        notify.put("trade_status", "TRADE_SUCCESS");
        doors.visit(notifyUrl, LocalAlipay.form(alipay.sign(notify)));
    }
}
