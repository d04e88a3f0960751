package io.giftorders.bench;

import io.giftorders.database.TestDatabase;
import io.giftorders.machine.Ports;
import io.giftorders.shop.ServiceProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * A way to start the service.
 *
 * @param name for a table
 * @param java the command
 * @param jar the service, packed or unpacked
 * @param options the JVM's
 */
record Variant(String name, Path java, Path jar, List<String> options) {

    private static final Path UNPACKED = Path.of("target", "unpacked").toAbsolutePath();

    /** The first JDK with a cache that is made in one step and has profiles (JEP 514, 515). */
    private static final int FIRST_WITH_CACHE = 25;

    /**
     * The jar as it is packaged, the same unpacked, and where the JDK can make an AOT cache, unpacked with it.
     *
     * @param home of the JDK
     * @param server for the cache's training
     */
    static List<Variant> all(Path home, TestDatabase server) {
        Path java = Training.java(home);
        int version = version(home);
        List<String> options = Training.options(System.getProperty("bench.jvm-options", "-XX:+UseParallelGC"));
        Path jar = unpack(java);
        List<Variant> all = new ArrayList<>(List.of(
                new Variant("JDK " + version + ", packaged jar", java, ServiceProcess.JAR, options),
                new Variant("JDK " + version + ", unpacked", java, jar, options)));
        if (version >= FIRST_WITH_CACHE) {
            Path cache = UNPACKED.resolve("gift-orders.aot");
            Training.make(cache, java, jar, server, options);
            all.add(all.get(1).with("with an AOT cache", "-XX:AOTCache=" + cache));
        }
        return all;
    }

    /** The same with another option of the JVM. */
    Variant with(String what, String option) {
        return new Variant(
                name + ", " + what,
                java,
                jar,
                Stream.concat(options.stream(), Stream.of(option)).toList());
    }

    ServiceProcess start(Map<String, String> environment) {
        return ServiceProcess.start(java, jar, Ports.free(), environment, options.toArray(String[]::new));
    }

    /** As the image has it: the service beside its libraries. */
    private static Path unpack(Path java) {
        FileSystemUtils.deleteRecursively(UNPACKED.toFile());
        try {
            Process unpacking = new ProcessBuilder(
                            java.toString(),
                            "-Djarmode=tools",
                            "-jar",
                            ServiceProcess.JAR.toString(),
                            "extract",
                            "--destination",
                            UNPACKED.toString())
                    .inheritIO()
                    .start();
            if (unpacking.waitFor() != 0) {
                throw new IllegalStateException("the jar cannot be unpacked");
            }
            return UNPACKED.resolve(ServiceProcess.JAR.getFileName());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    /** The feature release of a JDK. */
    private static int version(Path home) {
        Properties release = new Properties();
        try (var text = Files.newBufferedReader(home.resolve("release"))) {
            release.load(text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        String version = release.getProperty("JAVA_VERSION").replace("\"", "");
        return Runtime.Version.parse(version).feature();
    }
}
