package io.giftorders.order;

import io.giftorders.live.Marks;
import org.springframework.stereotype.Component;

/** Orders that were changed, by order code: whoever changes one marks it here, after COMMIT. A new order needs no mark. */
@Component
public final class OrderChanges extends Marks {}
