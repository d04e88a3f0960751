package io.giftorders.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.springframework.http.MediaType;
import org.springframework.util.DigestUtils;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** A file of the pages in memory. It is compressed when it is first asked for, and once. */
final class PageFile {

    private final byte[] bytes;
    private final MediaType type;
    private final String hash;
    private final Mono<byte[]> compressed;

    PageFile(byte[] bytes, MediaType type) {
        this.bytes = bytes;
        this.type = type;
        this.hash = DigestUtils.md5DigestAsHex(bytes);
        this.compressed = Mono.fromCallable(() -> compress(bytes))
                .subscribeOn(Schedulers.boundedElastic())
                .cache();
    }

    /** @param unchanging whether its address has other bytes never */
    Mono<Representation> as(boolean gzip, boolean unchanging) {
        return gzip
                ? compressed.map(small -> new Representation(small, type, etag("-gzip"), true, unchanging))
                : Mono.just(new Representation(bytes, type, etag(""), false, unchanging));
    }

    private String etag(String form) {
        return '"' + hash + form + '"';
    }

    private static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream small = new ByteArrayOutputStream(bytes.length / 3);
        try (GZIPOutputStream gzip = new BestGzip(small)) {
            gzip.write(bytes);
        } catch (IOException inMemory) {
            throw new UncheckedIOException(inMemory);
        }
        return small.toByteArray();
    }

    private static final class BestGzip extends GZIPOutputStream {

        BestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
