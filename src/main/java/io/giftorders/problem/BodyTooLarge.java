package io.giftorders.problem;

import org.springframework.http.HttpStatus;

/** 413: the body is larger than any request of this shop needs to be. */
public final class BodyTooLarge extends Refusal {

    public BodyTooLarge() {
        super(HttpStatus.CONTENT_TOO_LARGE, "body-too-large", Detail.of("body-too-large"));
        fact("field", "body");
    }
}
