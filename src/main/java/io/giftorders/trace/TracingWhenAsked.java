package io.giftorders.trace;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Takes everything that has to do with traces out of the start unless there is somewhere to send them. Spring Boot alone
 * would only not send them: every request would still begin and end a span. Here no bean of it is made.
 */
final class TracingWhenAsked implements AutoConfigurationImportFilter, EnvironmentAware {

    /** Where traces go; the one setting that turns them on. */
    static final String ENDPOINT = "management.opentelemetry.tracing.export.otlp.endpoint";

    private static final String TRACING = "org.springframework.boot.micrometer.tracing.";
    private static final String OPEN_TELEMETRY = "org.springframework.boot.opentelemetry.";

    private boolean asked;

    @Override
    public void setEnvironment(Environment environment) {
        asked = !"false".equals(environment.getProperty(ENDPOINT, "false"));
    }

    @Override
    public boolean[] match(@Nullable String[] candidates, AutoConfigurationMetadata metadata) {
        boolean[] wanted = new boolean[candidates.length];
        for (int i = 0; i < candidates.length; i++) {
            wanted[i] = asked || !isTracing(candidates[i]);
        }
        return wanted;
    }

    private static boolean isTracing(@Nullable String candidate) {
        return candidate != null && (candidate.startsWith(TRACING) || candidate.startsWith(OPEN_TELEMETRY));
    }
}
