package io.giftorders.audit;

import io.giftorders.problem.Detail;
import io.giftorders.problem.Refusal;
import java.util.List;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;

/** 415: answers come as CSV. */
final class NotCsv extends Refusal {

    static final MediaType CSV = new MediaType("text", "csv");

    NotCsv() {
        super(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", Detail.of("unsupported-media-type.csv"));
        getHeaders().setAccept(List.of(CSV));
        fact("field", HttpHeaders.CONTENT_TYPE);
    }
}
