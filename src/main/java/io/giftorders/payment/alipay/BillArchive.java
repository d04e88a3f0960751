package io.giftorders.payment.alipay;

import io.giftorders.payment.alipay.Bill.Line;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

/**
 * A day's bill as Alipay packs it: a zip with a file of every movement and a file of sums, both CSV in GBK, with comments
 * that begin with {@code #} and a tab behind every value.
 */
final class BillArchive {

    /** Largest archive fetched, in bytes. Chosen, as the other bounds: a movement is 300 bytes, 60 packed. */
    static final int MAX_PACKED = 64 * 1024 * 1024;

    /** Largest content of all its files, in bytes: about 800,000 movements. */
    static final int MAX_UNPACKED = 256 * 1024 * 1024;

    private static final int MAX_FILES = 16;

    private static final Charset GBK = Charset.forName("GB18030");
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private static final CSVFormat CSV = CSVFormat.DEFAULT
            .builder()
            .setCommentMarker('#')
            .setTrim(true)
            .setIgnoreEmptyLines(true)
            .get();

    private BillArchive() {}

    /** Reads the movements; throws {@link UnexpectedAnswer} where there is too much of it, or anything is unclear. */
    static Bill read(byte[] zip) throws UnexpectedAnswer {
        // names of files are not looked at: their columns tell them apart
        try (ZipInputStream files = new ZipInputStream(new ByteArrayInputStream(zip), StandardCharsets.ISO_8859_1)) {
            InputStream content = new Bounded(files);
            List<Line> lines = null;
            for (int file = 0; files.getNextEntry() != null; file++) {
                if (file == MAX_FILES) {
                    throw new UnexpectedAnswer("a bill of too many files");
                }
                List<Line> found = lines(content);
                content.transferTo(OutputStream.nullOutputStream()); // bounded too, as skipping would not be
                if (found != null && lines != null) {
                    throw new UnexpectedAnswer("a bill of two lists of movements");
                }
                lines = found == null ? lines : found;
            }
            if (lines == null) {
                throw new UnexpectedAnswer("a bill without a list of movements");
            }
            return new Bill(lines);
        } catch (IOException | UncheckedIOException | IllegalArgumentException broken) {
            throw new UnexpectedAnswer("a bill that cannot be read");
        }
    }

    /** The movements of one file; null where it is another file. */
    private static @Nullable List<Line> lines(InputStream file) throws IOException, UnexpectedAnswer {
        CSVParser records =
                CSVParser.builder().setReader(reader(file)).setFormat(CSV).get();
        BillColumns columns = null;
        List<Line> lines = new ArrayList<>();
        for (CSVRecord record : records) {
            if (columns == null) {
                columns = BillColumns.of(record);
                if (columns == null) {
                    return null;
                }
                continue;
            }
            Line line = columns.line(record);
            if (line != null) {
                lines.add(line);
            }
        }
        return columns == null ? null : lines;
    }

    /** GBK, unless a byte order mark says UTF-8. Bytes that are neither stop the reading. */
    private static Reader reader(InputStream file) throws IOException {
        InputStream marked = new BufferedInputStream(file);
        marked.mark(BYTE_ORDER_MARK.length);
        Charset charset = StandardCharsets.UTF_8;
        if (!Arrays.equals(marked.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
            marked.reset();
            charset = GBK;
        }
        return new InputStreamReader(marked, charset.newDecoder().onMalformedInput(CodingErrorAction.REPORT));
    }

    /** A few kilobytes of zip can unpack to gigabytes. */
    private static final class Bounded extends FilterInputStream {

        private int left = MAX_UNPACKED;

        Bounded(InputStream files) {
            super(files);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            left -= Math.max(0, count);
            if (left < 0) {
                throw new IOException("more than " + MAX_UNPACKED + " bytes");
            }
            return count;
        }
    }
}
