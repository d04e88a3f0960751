package io.giftorders.payment.alipay;

/** An answer that leaves open what happened. Its message is ours and may be logged. */
final class UnexpectedAnswer extends Exception {

    UnexpectedAnswer(String why) {
        super(why, null, false, false);
    }
}
