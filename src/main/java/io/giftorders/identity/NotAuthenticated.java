package io.giftorders.identity;

import io.giftorders.problem.Detail;
import io.giftorders.problem.Language;
import io.giftorders.problem.Refusal;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** 401, with the challenge of RFC 6750. */
final class NotAuthenticated extends Refusal {

    /** No token came with the request. */
    NotAuthenticated() {
        super(HttpStatus.UNAUTHORIZED, "not-authenticated", Detail.of("not-authenticated.no-token"));
        getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }

    /** @param reason what is wrong with the token; ours, never the token's own text */
    NotAuthenticated(Detail reason) {
        super(HttpStatus.UNAUTHORIZED, "not-authenticated", reason);
        getHeaders()
                .set(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "Bearer error=\"invalid_token\", error_description=\"" + reason.in(Language.ENGLISH) + "\"");
    }
}
