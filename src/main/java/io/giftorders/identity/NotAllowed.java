package io.giftorders.identity;

import io.giftorders.problem.Detail;
import io.giftorders.problem.Refusal;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** 403: the token is good, but lacks the operator's scope. */
final class NotAllowed extends Refusal {

    NotAllowed() {
        super(HttpStatus.FORBIDDEN, "not-allowed", Detail.of("not-allowed", Identity.OPERATOR_SCOPE));
        getHeaders()
                .set(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "Bearer error=\"insufficient_scope\", scope=\"" + Identity.OPERATOR_SCOPE + "\"");
    }
}
