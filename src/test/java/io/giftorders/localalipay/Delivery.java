package io.giftorders.localalipay;

/**
 * An attempt to deliver a notify.
 *
 * @param attempt from 1; a duplicate has the number of its original
 * @param status of the seller's answer; 0 if none came
 * @param answer its text, shortened; why none came otherwise
 * @param form the body that was sent
 */
public record Delivery(String outTradeNo, String notifyId, int attempt, int status, String answer, String form) {

    /** Status 200 and exactly this word end the repetitions. */
    public boolean accepted() {
        return status == 200 && answer.equals("success");
    }
}
