package io.giftorders.page;

import java.io.IOException;
import java.util.List;
import java.util.Properties;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

/**
 * A file that is served out of a library's jar, which the build takes from a registry. The jar says its version itself,
 * so that the build file alone decides on it.
 *
 * @param name below {@code /assets/lib/}
 * @param jar group and artifact, as in {@code META-INF/maven}
 * @param path in the jar; {@code %s} is the version
 */
record Library(String name, String jar, String path) {

    static final List<Library> ALL = List.of(
            new Library("htm.js", "org.mvnpm/htm", "META-INF/resources/_static/htm/%s/preact/standalone.module.js"),
            new Library(
                    "pico.css",
                    "org.webjars.npm/picocss__pico",
                    "META-INF/resources/webjars/picocss__pico/%s/css/pico.min.css"),
            new Library("uplot.js", "org.webjars.npm/uplot", "META-INF/resources/webjars/uplot/%s/dist/uPlot.esm.js"),
            new Library("uplot.css", "org.webjars.npm/uplot", "META-INF/resources/webjars/uplot/%s/dist/uPlot.min.css"),
            new Library(
                    "swagger-ui.js",
                    "org.webjars/swagger-ui",
                    "META-INF/resources/webjars/swagger-ui/%s/swagger-ui-bundle.js"),
            new Library(
                    "swagger-ui.css",
                    "org.webjars/swagger-ui",
                    "META-INF/resources/webjars/swagger-ui/%s/swagger-ui.css"));

    byte[] read() throws IOException {
        Properties built = PropertiesLoaderUtils.loadProperties(
                new ClassPathResource("META-INF/maven/" + jar + "/pom.properties"));
        return new ClassPathResource(path.formatted(built.getProperty("version"))).getContentAsByteArray();
    }
}
