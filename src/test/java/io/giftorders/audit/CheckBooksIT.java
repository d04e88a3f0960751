package io.giftorders.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.giftorders.database.TestDatabase;
import io.giftorders.shop.ServiceProcess;
import io.giftorders.shop.Shop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command, in the packaged jar, with the database's settings and no other. */
class CheckBooksIT {

    private static final String HEADER = "uid,idempotency_key,status,problem,order_code\n";

    private static Shop shop;
    private static String url;
    private static String order;

    @TempDir
    private Path files;

    /** @param status exit status */
    private record Outcome(int status, String output) {}

    @BeforeAll
    static void open() {
        url = TestDatabase.freshUrl();
        shop = Shop.on(TestDatabase.shared(), url);
        long gift = shop.gift(10, ", \"limit_per_user\": 5");
        order = shop.order(7, "{\"" + gift + "\": 2}", "the,first").block().orderCode();
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    @Test
    void booksThatBalanceAreExitStatusZero() throws Exception {
        Outcome outcome = check(url, List.of());

        assertThat(outcome.output())
                .matches("Checked 1 orders as of \\S+: the books balance\\.\n")
                .satisfies(nothing -> assertThat(outcome.status()).isZero());
    }

    @Test
    void whatIsWrongIsALineWithItsOrder() throws Exception {
        shop.sql("UPDATE orders SET total_count = total_count + 1");
        try {
            Outcome outcome = check(url, List.of());

            assertThat(outcome.output())
                    .contains("totals\t" + order + "\tThe order says 3 pieces for 19.80; its items are 2 for 19.80.\n")
                    .contains(": the books do not balance.\n  totals: 1\n");
            assertThat(outcome.status()).isEqualTo(1);
        } finally {
            shop.sql("UPDATE orders SET total_count = total_count - 1");
        }
    }

    @Test
    void answersAreComparedWithTheOrders() throws Exception {
        Outcome right = check(url, List.of("--answers=" + csv("7,\"the,first\",201,," + order + "\n7,2nd,0,,\n")));
        Outcome wrong = check(url, List.of("--answers=" + csv("7,\"the,first\",409,out-of-stock,\n8,,201,,12345\n")));
        Outcome later = check(
                url,
                List.of("--answers=" + csv("7,\"the,first\",409,out-of-stock,\n"), "--since=2222-01-01T00:00:00Z"));

        assertThat(right.output()).contains("Checked 1 orders and 2 answers").contains("balance");
        assertThat(right.status()).isZero();
        assertThat(wrong.output()).contains("unexpected-order\t" + order + "\t").contains("lost-order\t12345\t");
        assertThat(wrong.status()).isEqualTo(1);
        assertThat(later.status()).isZero();
    }

    @Test
    void whatCannotBeCheckedIsASentence() throws Exception {
        List<Outcome> outcomes = List.of(
                check("r2dbc:mysql://127.0.0.1:1/gifts", List.of()),
                check("", List.of()),
                check(TestDatabase.shared().url("nowhere").replaceAll("\\?.*", ""), List.of()),
                check(url, List.of("--answers=/nowhere/answers.csv")),
                check(url, List.of("--answers=" + csv("7,first\n"))),
                check(url, List.of("--since=yesterday")));

        assertThat(outcomes).allSatisfy(outcome -> {
            assertThat(outcome.output())
                    .startsWith("The books are not checked. ")
                    .hasLineCount(1);
            assertThat(outcome.status()).isEqualTo(2);
        });
        assertThat(outcomes)
                .extracting(Outcome::output)
                .satisfiesExactly(
                        away -> assertThat(away).contains("cannot be reached"),
                        unset -> assertThat(unset).contains("set SPRING_R2DBC_URL"),
                        unknown -> assertThat(unknown).contains("does not exist"),
                        noFile -> assertThat(noFile).contains("/nowhere/answers.csv"),
                        malformed -> assertThat(malformed).contains("Line 2"),
                        noTime -> assertThat(noTime).contains("--since"));
    }

    private Path csv(String answers) throws IOException {
        return Files.writeString(files.resolve("answers-" + System.nanoTime() + ".csv"), HEADER + answers);
    }

    private static Outcome check(String database, List<String> options) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(List.of(ServiceProcess.QUICK_START, "-jar", "target/gift-orders.jar", "--check-books"));
        command.addAll(options);
        Path output = Files.createTempFile(Path.of("target"), "check-books-", ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("SPRING_") || name.startsWith("GIFT_ORDERS_"));
        builder.environment()
                .putAll(Map.of(
                        "SPRING_R2DBC_URL",
                        database,
                        "SPRING_R2DBC_USERNAME",
                        TestDatabase.shared().username(),
                        "SPRING_R2DBC_PASSWORD",
                        TestDatabase.shared().password()));
        builder.environment().values().removeIf(String::isEmpty);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as("the command ends")
                    .isTrue();
            return new Outcome(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } finally {
            process.destroyForcibly();
            Files.delete(output);
        }
    }
}
