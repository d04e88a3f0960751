package io.giftorders.payment.alipay;

import com.alipay.api.internal.util.AlipayLogger;
import java.security.Security;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/**
 * Loads Alipay's SDK without letting it weaken the JVM: its client's static initialiser empties the list of algorithms
 * that no certificate may use, for every connection of the process. Done when the application starts, before anything
 * speaks TLS, and its logger, which prints whole requests, is silenced at once.
 */
final class SdkLoading implements ApplicationListener<ApplicationStartingEvent> {

    private static final String DISABLED_ALGORITHMS = "jdk.certpath.disabledAlgorithms";

    @Override
    public void onApplicationEvent(ApplicationStartingEvent event) {
        load();
    }

    /** Does nothing the second time. */
    static synchronized void load() {
        String before = Security.getProperty(DISABLED_ALGORITHMS);
        try {
            Class.forName("com.alipay.api.AbstractAlipayClient");
        } catch (ClassNotFoundException broken) {
            throw new IllegalStateException("Alipay's SDK is not on the class path", broken);
        } finally {
            if (before != null) {
                Security.setProperty(DISABLED_ALGORITHMS, before);
            }
        }
        AlipayLogger.setNeedEnableLogger(false);
    }
}
