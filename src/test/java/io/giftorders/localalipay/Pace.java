package io.giftorders.localalipay;

import java.time.Duration;

/**
 * How fast Alipay's hours pass here.
 *
 * @param divisor a wait of Alipay's takes this many times less; at least 1
 */
public record Pace(long divisor) {

    /** All eight deliveries of a notify, a day with Alipay, within ten seconds. */
    public static final Pace TEST = new Pace(8_640);

    /** A minute is a second: the first repetition after four seconds, as long as a person waits. */
    public static final Pace PEOPLE = new Pace(60);

    public Pace {
        if (divisor < 1) {
            throw new IllegalArgumentException("divisor below 1: " + divisor);
        }
    }

    Duration of(Duration atAlipay) {
        return atAlipay.dividedBy(divisor);
    }
}
