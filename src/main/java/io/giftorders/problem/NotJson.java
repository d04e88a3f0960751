package io.giftorders.problem;

import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** 415: the body is not called JSON, or its type is no type at all. */
public final class NotJson extends Refusal {

    public NotJson() {
        super(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", Detail.of("unsupported-media-type.json"));
        getHeaders().setAccept(List.of(MediaType.APPLICATION_JSON));
        fact("field", HttpHeaders.CONTENT_TYPE);
    }
}
