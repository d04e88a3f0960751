package io.giftorders.payment.alipay;

import io.giftorders.problem.Detail;
import io.giftorders.problem.Refusal;
import org.springframework.http.HttpStatus;

/** 400: a notify or return without Alipay's signature, or one that this service cannot read. */
public final class NotFromAlipay extends Refusal {

    /** @param detail one sentence that repeats nothing of what was sent */
    public NotFromAlipay(Detail detail) {
        super(HttpStatus.BAD_REQUEST, "not-from-alipay", detail);
    }
}
