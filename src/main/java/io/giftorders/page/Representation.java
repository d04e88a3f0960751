package io.giftorders.page;

import java.time.Duration;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/** A file as it goes out: its bytes, compressed or not, and what is said of them. */
final class Representation extends ByteArrayResource {

    /** A day is as good as a year to those who come back, and gone sooner from the caches of those who do not. */
    private static final Duration KEPT = Duration.ofDays(365);

    private final MediaType type;
    private final String etag;
    private final boolean gzip;
    private final boolean unchanging;

    Representation(byte[] bytes, MediaType type, String etag, boolean gzip, boolean unchanging) {
        super(bytes);
        this.type = type;
        this.etag = etag;
        this.gzip = gzip;
        this.unchanging = unchanging;
    }

    void describe(HttpHeaders headers) {
        headers.setContentType(type);
        headers.setETag(etag);
        headers.set(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        headers.setCacheControl(
                unchanging ? CacheControl.maxAge(KEPT).cachePublic().immutable() : CacheControl.noCache());
        if (gzip) {
            headers.set(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
    }
}
