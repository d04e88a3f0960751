package io.giftorders.problem;

import org.springframework.http.HttpStatus;

/** 400: the request is not of the form the shop reads. Names the field that is wrong. */
public final class InvalidRequest extends Refusal {

    /**
     * @param field name of the JSON member, header or parameter; {@code body} where the body as a whole is wrong
     * @param detail what is wrong with it, and what would be right
     */
    public InvalidRequest(String field, Detail detail) {
        super(HttpStatus.BAD_REQUEST, "invalid-request", detail);
        fact("field", field);
    }
}
