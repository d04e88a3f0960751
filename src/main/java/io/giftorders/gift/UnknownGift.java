package io.giftorders.gift;

import io.giftorders.problem.Detail;
import io.giftorders.problem.Refusal;
import org.springframework.http.HttpStatus;

/** 404: the shop has no such gift. */
public final class UnknownGift extends Refusal {

    public UnknownGift(long id) {
        super(HttpStatus.NOT_FOUND, "unknown-gift", Detail.of("unknown-gift", id));
        fact("goods_id", id);
    }
}
