package io.giftorders.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecorderTests {

    @TempDir
    Path directory;

    @Test
    void everyAnswerIsALineUnderTheHeader() throws IOException {
        Path file = directory.resolve("deeper/answers.csv");

        try (Recorder recorder = new Recorder(file)) {
            recorder.write(new OrderAnswer(7, "k-1", 201, "", "382994445445890049"));
            recorder.write(new OrderAnswer(8, "k,\"2\"", 409, "out-of-stock", ""));
            recorder.write(OrderAnswer.unheard(9, "k-3"));
        }

        assertThat(file).hasContent("""
                uid,idempotency_key,status,problem,order_code
                7,k-1,201,,382994445445890049
                8,"k,""2\""",409,out-of-stock,
                9,k-3,0,,
                """);
    }

    @Test
    void aFlushedAnswerIsInTheFileWhileOthersAreStillToCome() throws IOException {
        Path file = directory.resolve("answers.csv");

        try (Recorder recorder = new Recorder(file)) {
            recorder.write(OrderAnswer.unheard(9, "k-3"));
            recorder.flush();

            assertThat(Files.readAllLines(file)).endsWith("9,k-3,0,,");
        }
    }

    @Test
    void linesOfManyThreadsDoNotMix() throws IOException {
        Path file = directory.resolve("answers.csv");

        try (Recorder recorder = new Recorder(file)) {
            IntStream.range(0, 10_000)
                    .parallel()
                    .forEach(order -> recorder.write(new OrderAnswer(order, "key-" + order, 201, "", "1" + order)));
        }

        List<String> lines = Files.readAllLines(file);
        assertThat(lines.subList(1, lines.size()))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 10_000)
                        .mapToObj(order -> order + ",key-" + order + ",201,,1" + order)
                        .toList());
    }
}
