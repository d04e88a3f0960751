package io.giftorders.payment;

import io.giftorders.database.Transactions;
import java.time.Duration;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Looks how many refunds wait for Alipay's word, and since when. */
@Component
class RefundWatch {

    /** Chosen: as often as a metric is usually read. */
    static final Duration EVERY = Duration.ofSeconds(10);

    private final Transactions transactions;
    private final RefundBooks refunds;

    /** Not a number before the first look, and while the database does not answer. */
    private volatile double open = Double.NaN;

    private volatile double oldestSeconds = Double.NaN;

    RefundWatch(Transactions lifecycleTransactions, RefundBooks refunds, PaymentMetrics metrics) {
        this.transactions = lifecycleTransactions;
        this.refunds = refunds;
        metrics.watchRefunds(() -> open, () -> oldestSeconds);
    }

    /** Always says that there is no more to do. */
    Mono<Boolean> look() {
        return transactions
                .run(refunds::open)
                .doOnNext(found -> see((double) found.count(), found.oldest().toMillis() / 1000.0))
                .doOnError(unknown -> see(Double.NaN, Double.NaN))
                .thenReturn(false);
    }

    private void see(double count, double seconds) {
        open = count;
        oldestSeconds = seconds;
    }
}
