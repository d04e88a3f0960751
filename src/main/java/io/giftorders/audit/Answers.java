package io.giftorders.audit;

import io.giftorders.problem.Detail;
import io.giftorders.problem.InvalidRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/** What a recorder heard: CSV (RFC 4180) in UTF-8, a line an answer. */
public final class Answers {

    private static final List<String> HEADER = List.of("uid", "idempotency_key", "status", "problem", "order_code");

    private final List<Answer> all;

    private Answers(List<Answer> all) {
        this.all = all;
    }

    /**
     * Reads a recorder's file.
     *
     * @throws InvalidRequest naming the first line that is not an answer
     */
    public static Answers read(byte[] csv) {
        List<Answer> all = new ArrayList<>();
        long line = 0;
        try (Reader reader = utf8(csv);
                CSVParser records = CSVParser.builder()
                        .setReader(reader)
                        .setFormat(CSVFormat.DEFAULT)
                        .get()) {
            Iterator<CSVRecord> lines = records.iterator();
            if (!lines.hasNext() || !lines.next().toList().equals(HEADER)) {
                throw new InvalidRequest("body", Detail.of("invalid-request.answers-header", String.join(",", HEADER)));
            }
            for (line = records.getCurrentLineNumber(); lines.hasNext(); line = records.getCurrentLineNumber()) {
                all.add(answer(lines.next()));
            }
        } catch (IOException | UncheckedIOException | IllegalArgumentException malformed) {
            throw new InvalidRequest("body", Detail.of("invalid-request.answers-line", line + 1));
        }
        return new Answers(List.copyOf(all));
    }

    List<Answer> all() {
        return all;
    }

    int count() {
        return all.size();
    }

    private static Reader utf8(byte[] csv) {
        return new InputStreamReader(
                new ByteArrayInputStream(csv),
                StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT));
    }

    private static Answer answer(CSVRecord record) {
        if (record.size() != HEADER.size()) {
            throw new IllegalArgumentException("another number of values");
        }
        Long orderCode = record.get(4).isEmpty() ? null : Long.valueOf(record.get(4));
        Answer answer = new Answer(
                new Answer.Sending(Long.parseLong(record.get(0)), text(record.get(1))),
                Integer.parseInt(record.get(2)),
                text(record.get(3)),
                orderCode);
        if (answer.acknowledged() && orderCode == null) {
            throw new IllegalArgumentException("acknowledged without an order code");
        }
        return answer;
    }

    private static @Nullable String text(String value) {
        return value.isEmpty() ? null : value;
    }
}
