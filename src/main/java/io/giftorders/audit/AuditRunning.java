package io.giftorders.audit;

import io.giftorders.problem.Detail;
import io.giftorders.problem.Unavailable;
import java.time.Duration;

/** 503: the books are being checked already, and that is work enough for the database. */
final class AuditRunning extends Unavailable {

    AuditRunning() {
        super("audit-running", Detail.of("audit-running"), Duration.ofSeconds(10));
    }
}
