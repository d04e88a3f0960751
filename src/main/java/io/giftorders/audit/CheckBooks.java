package io.giftorders.audit;

import io.giftorders.database.AtStart;
import io.giftorders.database.Connections;
import io.giftorders.database.DatabaseFailure;
import io.giftorders.problem.InvalidRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.r2dbc.autoconfigure.R2dbcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.SimpleCommandLinePropertySource;

/**
 * The command {@code --check-books}: checks the books of the configured database, prints what is wrong and ends. Nothing of
 * the service starts, and no setting but the database's is needed.
 */
public final class CheckBooks {

    private static final String COMMAND = "check-books";
    private static final String ANSWERS = "answers";
    private static final String SINCE = "since";

    private static final int BALANCED = 0;
    private static final int NOT_BALANCED = 1;
    private static final int NOT_CHECKED = 2;

    /** Chosen: a million paid orders take 22 s on two slow, shared cores. */
    private static final Duration PATIENCE = Duration.ofHours(2);

    private final PrintStream out;

    private CheckBooks(PrintStream out) {
        this.out = out;
    }

    /** Whether the command line asks for this and not for the service. */
    public static boolean isAskedFor(String... arguments) {
        return List.of(arguments).contains("--" + COMMAND);
    }

    /**
     * Checks the books and prints to the standard output.
     *
     * @return the exit status: 0 balanced, 1 not, 2 could not check
     */
    public static int run(String... arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        return new CheckBooks(out).checked(arguments);
    }

    private int checked(String... arguments) {
        try {
            SimpleCommandLinePropertySource options = new SimpleCommandLinePropertySource(arguments);
            Answers answers = answers(options.getProperty(ANSWERS));
            Instant since = since(options.getProperty(SINCE));
            return print(report(answers, since, arguments));
        } catch (CannotCheck reason) {
            out.println("The books are not checked. " + reason.getMessage());
        } catch (RuntimeException failure) {
            out.println("The books are not checked. "
                    + AtStart.remedy(failure)
                            .orElseGet(
                                    () -> "The database cannot be read (" + DatabaseFailure.summary(failure) + ")."));
        }
        return NOT_CHECKED;
    }

    private static Report report(@Nullable Answers answers, @Nullable Instant since, String... arguments) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Parts.class)
                .web(WebApplicationType.NONE)
                // what fails is said once, in one sentence
                .properties(Map.of("logging.level.root", "off"))
                .run(arguments)) {
            return AtStart.get(context.getBean(Audit.class).check(answers, since), PATIENCE);
        }
    }

    private int print(Report report) {
        report.differences().forEach(this::print);
        String compared = report.answers() == null ? "" : " and " + report.answers() + " answers";
        out.println("Checked " + report.orders() + " orders" + compared + " as of " + report.checkedAt() + ": "
                + (report.balanced() ? "the books balance." : "the books do not balance."));
        report.found()
                .forEach((check, count) -> out.println("  " + check + ": " + count
                        + (count > Findings.LISTED_OF_A_CHECK
                                ? ", the first " + Findings.LISTED_OF_A_CHECK + " above"
                                : "")));
        return report.balanced() ? BALANCED : NOT_BALANCED;
    }

    private void print(Difference difference) {
        String order = difference.orderCode() == null ? "-" : Long.toString(difference.orderCode());
        out.println(difference.check() + "\t" + order + "\t" + difference.detail());
    }

    private static @Nullable Answers answers(@Nullable String file) {
        if (file == null) {
            return null;
        }
        try {
            return Answers.read(Files.readAllBytes(Path.of(file)));
        } catch (IOException | InvalidPathException unreadable) {
            throw new CannotCheck("The file of answers cannot be read: " + file + ".");
        } catch (InvalidRequest malformed) {
            throw new CannotCheck("The file of answers is not one: "
                    + Objects.requireNonNull(malformed.getBody().getDetail()));
        }
    }

    private static @Nullable Instant since(@Nullable String time) {
        try {
            return time == null ? null : Instant.parse(time);
        } catch (DateTimeParseException noTime) {
            throw new CannotCheck("--" + SINCE + " must be a time such as 2030-01-31T12:00:00Z.");
        }
    }

    /** All that is needed of the service. No stereotype: the service itself does not find it. */
    @ImportAutoConfiguration(R2dbcAutoConfiguration.class)
    @Import({Connections.class, AuditConfiguration.class})
    static final class Parts {}

    /** The message is a sentence. */
    private static final class CannotCheck extends RuntimeException {

        CannotCheck(String sentence) {
            super(sentence);
        }
    }
}
