package io.giftorders.payment.alipay;

import io.giftorders.trace.Spans;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Alipay, as the shop sees it. Nothing happens before a subscription, and each one calls anew. The work is done on threads
 * of this class's own; where too many calls wait for one, or it stays unknown what Alipay did, a call fails with
 * {@link AlipayUnavailable}. Cancelling frees the caller and leaves the outcome unknown.
 */
@Component
public final class Alipay implements AutoCloseable {

    /** Calculated: at 0.7 ms a signature, the last one waits for 0.1 s. */
    private static final int MAX_WAITING_SIGNATURES = 128;

    /** Calculated: at 0.03 ms a check, the last one waits for 0.03 s. */
    private static final int MAX_WAITING_CHECKS = 1024;

    /** Chosen: many times what RSA takes; only an overloaded machine needs it. */
    private static final Duration RSA_PATIENCE = Duration.ofSeconds(5);

    private final Account account;
    private final Gateway gateway;
    private final Trades trades;
    private final Bills bills;
    private final Verification verification;
    private final Work calls;
    private final Work downloads;
    private final Work signatures;
    private final Work checks;

    Alipay(AlipayProperties properties, MeterRegistry registry, Spans spans) {
        SdkLoading.load();
        Settings settings = Settings.of(properties);
        Keys keys = Keys.read(properties.keys(), properties.mode(), Instant.now());
        Transport transport = new Transport(properties.connectTimeout(), properties.timeout());
        this.account = settings.account();
        this.gateway = new Gateway(settings, keys, transport);
        this.trades = new Trades(gateway);
        this.bills = new Bills(settings, gateway, transport);
        this.verification = new Verification(keys);

        int processors = Runtime.getRuntime().availableProcessors();
        Duration patience = properties.timeout().multipliedBy(2);
        Scheduler callers = workers("alipay-call", properties.threads(), properties.maxWaiting());
        this.calls = new Work(callers, patience, registry, spans);
        this.downloads = new Work(callers, patience.plus(Bills.DOWNLOAD), registry, spans);
        this.signatures = new Work(
                workers("alipay-sign", processors, processors * MAX_WAITING_SIGNATURES), RSA_PATIENCE, registry, spans);
        this.checks = new Work(
                workers("alipay-verify", processors, processors * MAX_WAITING_CHECKS), RSA_PATIENCE, registry, spans);
    }

    /** Where the buyer pays: a signed link of about 1 KB, made here. It can be used until the trade is paid or expires. */
    public Mono<URI> payLink(PayRequest request) {
        return signatures.run("pay-link", () -> gateway.payLink(request));
    }

    /** The trade as Alipay has it; one that it does not have is of the state {@link TradeState#NONE}. */
    public Mono<Trade> query(String outTradeNo) {
        return calls.run("query", () -> trades.query(outTradeNo));
    }

    /** Ends a trade that its buyer has not paid. */
    public Mono<CloseResult> close(String outTradeNo) {
        return calls.run("close", () -> trades.close(outTradeNo));
    }

    /** Gives money back. The same number and amount refund once, however often they are sent. */
    public Mono<RefundAnswer> refund(RefundRequest request) {
        return calls.run("refund", () -> trades.refund(request));
    }

    /** Whether a refund was done; Alipay asks for 10 seconds between the refund and this question. */
    public Mono<RefundAnswer> refundState(String tradeNo, String outRequestNo) {
        return calls.run("refund-state", () -> trades.refundState(tradeNo, outRequestNo));
    }

    /** The bill of a day in Alipay's time zone; empty where Alipay has none, or none yet. */
    public Mono<Bill> bill(LocalDate day) {
        return downloads.run("bill", () -> bills.of(day));
    }

    /**
     * Reads a notify.
     *
     * @param form the raw body, at most 32 KB; fails with {@link NotFromAlipay} unless Alipay signed it
     */
    public Mono<Notice> notice(byte[] form) {
        return checks.run("notice", () -> verification.notice(form));
    }

    /**
     * Reads what a buyer's browser brought back.
     *
     * @param rawQuery the query as it came, still escaped; fails with {@link NotFromAlipay} unless Alipay signed it
     */
    public Mono<Return> returned(String rawQuery) {
        return checks.run("return", () -> verification.returned(rawQuery));
    }

    /** Whose app and money this is: what a notify must name. */
    public Account account() {
        return account;
    }

    /** Lets go of the threads; what is under way is cut off. */
    @Override
    public void close() {
        calls.close();
        signatures.close();
        checks.close();
    }

    /** @param maxWaiting shared out among the threads: each has a queue of its own, and a call waits in one of them */
    private static Scheduler workers(String name, int threads, int maxWaiting) {
        int waitingForEach = (maxWaiting + threads - 1) / threads;
        return Schedulers.newBoundedElastic(threads, waitingForEach, name, 60, true);
    }
}
