package io.giftorders.payment.alipay;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Measures what pay links and notifies cost. Started by hand; no part of the build. */
final class RsaBenchmark {

    /** Fewer than may wait: none is refused. */
    private static final int AT_ONCE = 64;

    private static final Duration WAIT = Duration.ofMinutes(5);

    /** The share of a machine that others load says little about the work, its CPU time does. */
    private static final OperatingSystemMXBean MACHINE =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private RsaBenchmark() {}

    public static void main(String[] arguments) {
        try (GatewayStub gateway = new GatewayStub()) {
            Alipay alipay = gateway.alipay();
            byte[] form = TestKeys.form(NoticeTests.payment()).getBytes(US_ASCII);
            PayRequest pay = new PayRequest("o1", BigDecimal.TEN, "Tea", Instant.now());
            for (int round = 1; round <= 3; round++) {
                measure("pay links", 2_000, alipay.payLink(pay));
                measure("notifies", 20_000, alipay.notice(form));
            }
        }
    }

    private static void measure(String what, int count, Mono<?> work) {
        long start = System.nanoTime();
        long startCpu = MACHINE.getProcessCpuTime();
        Flux.range(0, count).flatMap(number -> work, AT_ONCE).then().block(WAIT);
        double seconds = (System.nanoTime() - start) / 1e9;
        double cpuMillis = (MACHINE.getProcessCpuTime() - startCpu) / 1e6;
        System.out.printf("%,.0f %s a second, %.3f ms of CPU each%n", count / seconds, what, cpuMillis / count);
    }
}
