package io.giftorders.recording;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * Writes down every answer to an order, so that the shop's books can be checked against them: a CSV file with the columns
 * {@code uid,idempotency_key,status,problem,order_code}, in the order the answers came. Any number of threads may use it.
 */
public final class Recorder implements AutoCloseable {

    private static final CSVFormat FORMAT = CSVFormat.RFC4180
            .builder()
            .setHeader("uid", "idempotency_key", "status", "problem", "order_code")
            .setRecordSeparator('\n')
            .get();

    private final Path file;
    private final CSVPrinter rows;

    /** Starts a new file; one that is there is written over. */
    public Recorder(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            this.file = file;
            this.rows = new CSVPrinter(Files.newBufferedWriter(file), FORMAT);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public Path file() {
        return file;
    }

    public synchronized void write(OrderAnswer answer) {
        try {
            rows.printRecord(
                    answer.uid(), answer.idempotencyKey(), answer.status(), answer.problem(), answer.orderCode());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Everything that was written so far is in the file. */
    public synchronized void flush() {
        try {
            rows.flush();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public synchronized void close() {
        try {
            rows.close(true);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
