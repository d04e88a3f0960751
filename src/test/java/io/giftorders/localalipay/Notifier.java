package io.giftorders.localalipay;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Tells sellers what happened, again and again until they answer {@code success} or a day has passed. */
final class Notifier implements AutoCloseable {

    /** After a failure; alipay.md section 3, page pay. */
    private static final List<Duration> REPETITIONS = List.of(
            Duration.ofMinutes(4),
            Duration.ofMinutes(10),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ofHours(2),
            Duration.ofHours(6),
            Duration.ofHours(15));

    /** How long a seller may think; chosen, as Alipay does not say. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int THREADS = 32;
    private static final int LONGEST_LOGGED_ANSWER = 200;
    private static final String NO_METHOD = "";

    private final Keys keys;
    private final Account account;
    private final Pace pace;
    private final Faults faults;
    private final Queue<Delivery> deliveries = new ConcurrentLinkedQueue<>();
    private final Queue<HeldBack> heldBack = new ConcurrentLinkedQueue<>();
    private final ScheduledThreadPoolExecutor senders;
    private final ExecutorService selectors;
    private final HttpClient http;

    Notifier(Keys keys, Account account, Pace pace, ThreadFactory threads) {
        this.keys = keys;
        this.account = account;
        this.pace = pace;
        this.faults = new Faults(this::sendHeldBack);
        senders = new ScheduledThreadPoolExecutor(THREADS, threads);
        senders.setKeepAliveTime(5, TimeUnit.SECONDS);
        senders.allowCoreThreadTimeOut(true);
        senders.setRemoveOnCancelPolicy(true);
        selectors = Executors.newFixedThreadPool(2, threads);
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(selectors)
                .build();
    }

    Faults faults() {
        return faults;
    }

    List<Delivery> deliveries() {
        return List.copyOf(deliveries);
    }

    /** A notify of the trade's fields, complete but not signed. */
    Map<String, String> complete(Map<String, String> fields, String charset, Instant now) {
        Map<String, String> complete = new TreeMap<>(fields);
        complete.put("notify_id", newNotifyId(now));
        complete.put("notify_type", "trade_status_sync");
        complete.put("notify_time", AlipayTime.write(now));
        complete.put("charset", charset);
        complete.put("version", "1.0");
        complete.put("app_id", account.appId());
        complete.put("auth_app_id", account.appId());
        complete.put("seller_id", account.sellerId());
        complete.put("seller_email", "shop@example.com");
        return complete;
    }

    private static String newNotifyId(Instant now) {
        return AlipayTime.write(now).substring(0, 10).replace("-", "") + "00222" + UUID.randomUUID();
    }

    /** Sends it as soon as a thread is free, unless the seller named no address or a fault keeps it back. */
    void send(PagePay order, Map<String, String> fields) {
        var unused = start(order, fields);
    }

    /** Comes back when the first attempt is over. */
    void sendAndWait(PagePay order, Map<String, String> fields) {
        start(order, fields).join();
    }

    private CompletableFuture<Void> start(PagePay order, Map<String, String> fields) {
        String number = order.outTradeNo();
        Notice notice = new Notice(order, fields, charset(order), new CompletableFuture<>());
        Faults.Scope reorder = faults.take(Fault.NOTIFY_REORDER, number, NO_METHOD);
        if (order.notifyUrl().isEmpty() || strikes(Fault.NOTIFY_NEVER, number)) {
            notice.firstAttempt.complete(null);
        } else if (reorder != null) {
            heldBack.add(new HeldBack(notice, reorder.outTradeNo()));
            notice.firstAttempt.complete(null);
        } else {
            dispatch(notice);
            letOvertaken(notice);
        }
        return notice.firstAttempt;
    }

    private String charset(PagePay order) {
        return strikes(Fault.NOTIFY_GBK, order.outTradeNo()) ? "GBK" : order.charset();
    }

    /** Sends what waited for this notice once it was answered. */
    private void letOvertaken(Notice notice) {
        for (HeldBack one : List.copyOf(heldBack)) {
            boolean waitedForThis = one.until == null || one.until.equals(notice.order.outTradeNo());
            if (waitedForThis && heldBack.remove(one)) {
                var unused = notice.firstAttempt.thenRun(() -> dispatch(one.notice));
            }
        }
    }

    private void sendHeldBack() {
        for (HeldBack one = heldBack.poll(); one != null; one = heldBack.poll()) {
            dispatch(one.notice);
        }
    }

    private void dispatch(Notice notice) {
        String number = notice.order.outTradeNo();
        Map<String, String> complete = complete(notice.fields, notice.charset, Instant.now());
        Faults.Scope delay = faults.take(Fault.NOTIFY_DELAY, number, NO_METHOD);
        Duration wait = delay == null ? Duration.ZERO : delay.duration();
        Faults.Scope duplicate = faults.take(Fault.NOTIFY_DUPLICATE, number, NO_METHOD);
        int copies = duplicate == null ? 0 : duplicate.copies();
        after(wait, () -> attempt(notice, complete, 1));
        for (int copy = 0; copy < copies; copy++) {
            after(wait, () -> deliver(notice, complete, 1));
        }
    }

    private void attempt(Notice notice, Map<String, String> fields, int attempt) {
        boolean accepted = false;
        try {
            accepted = deliver(notice, fields, attempt);
        } finally {
            notice.firstAttempt.complete(null);
        }
        if (!accepted && attempt <= REPETITIONS.size()) {
            after(pace.of(REPETITIONS.get(attempt - 1)), () -> attempt(notice, fields, attempt + 1));
        }
    }

    void at(Instant time, Runnable work) {
        after(Duration.between(Instant.now(), time), work);
    }

    private void after(Duration wait, Runnable work) {
        try {
            var unused = senders.schedule(work, wait.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // Alipay is closed: nobody is told any more
        }
    }

    private boolean deliver(Notice notice, Map<String, String> fields, int attempt) {
        String number = notice.order.outTradeNo();
        String form = Parameters.form(spoil(number, signed(number, fields)));
        Delivery delivery = strikes(Fault.NOTIFY_DROP, number)
                ? delivery(fields, attempt, 0, "dropped", form)
                : post(notice.order.notifyUrl(), fields, attempt, form);
        deliveries.add(delivery);
        return delivery.accepted();
    }

    private Map<String, String> signed(String number, Map<String, String> fields) {
        Map<String, String> now = new HashMap<>(fields);
        now.put("notify_time", AlipayTime.write(Instant.now()));
        if (strikes(Fault.NOTIFY_WRONG_AMOUNT, number)) {
            now.merge("total_amount", "0.01", (amount, cent) -> new BigDecimal(amount)
                    .add(new BigDecimal(cent))
                    .toPlainString());
        }
        if (strikes(Fault.NOTIFY_WRONG_APP, number)) {
            now.put("app_id", "2021000000000001");
        }
        if (strikes(Fault.NOTIFY_WRONG_SELLER, number)) {
            now.put("seller_id", "2088000000000001");
        }
        return keys.sign(now);
    }

    private Map<String, String> spoil(String number, Map<String, String> signed) {
        if (!strikes(Fault.NOTIFY_BAD_SIGNATURE, number)) {
            return signed;
        }
        Map<String, String> spoilt = new TreeMap<>(signed);
        spoilt.put("sign", keys.sign("something else", StandardCharsets.UTF_8));
        return spoilt;
    }

    private Delivery post(String url, Map<String, String> fields, int attempt, String form) {
        String type = "application/x-www-form-urlencoded; charset=" + fields.get("charset");
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                    .timeout(PATIENCE)
                    .header("Content-Type", type)
                    .POST(BodyPublishers.ofString(form, StandardCharsets.US_ASCII))
                    .build();
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            return delivery(fields, attempt, answer.statusCode(), answer.body(), form);
        } catch (IOException | IllegalArgumentException failure) {
            return delivery(fields, attempt, 0, failure.toString(), form);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
            return delivery(fields, attempt, 0, "Alipay is closed", form);
        }
    }

    private static Delivery delivery(
            Map<String, String> fields, int attempt, int status, @Nullable String answer, String form) {
        String text = answer == null ? "" : answer;
        String shown = text.substring(0, Math.min(text.length(), LONGEST_LOGGED_ANSWER));
        return new Delivery(fields.get("out_trade_no"), fields.get("notify_id"), attempt, status, shown, form);
    }

    private boolean strikes(Fault fault, String outTradeNo) {
        return faults.strikes(fault, outTradeNo, NO_METHOD);
    }

    @Override
    public void close() {
        senders.shutdownNow();
        selectors.shutdown();
    }

    private record Notice(
            PagePay order, Map<String, String> fields, String charset, CompletableFuture<Void> firstAttempt) {}

    /** @param until the order whose next notice it waits for; null if any will do */
    private record HeldBack(Notice notice, @Nullable String until) {}
}
