package io.giftorders.gift;

import io.giftorders.live.Marks;
import org.springframework.stereotype.Component;

/** Gifts that were changed, by id: whoever changes a gift or its stock marks it here, after COMMIT. */
@Component
public final class GiftChanges extends Marks {}
