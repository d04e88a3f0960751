package io.giftorders.payment.alipay;

import com.alipay.api.AlipayApiException;
import io.giftorders.payment.alipay.RefundAnswer.State;
import java.math.BigDecimal;

/** What the gateway's answers mean. Every method waits for the network. */
final class Trades {

    private final Gateway gateway;

    Trades(Gateway gateway) {
        this.gateway = gateway;
    }

    Trade query(String outTradeNo) throws AlipayApiException, UnexpectedAnswer {
        Answer answer = gateway.query(outTradeNo);
        if (answer.declined() && answer.because("TRADE_NOT_EXIST")) {
            return new Trade(outTradeNo, null, TradeState.NONE, null, null);
        }
        requireSuccess(answer);
        requireOf("out_trade_no", outTradeNo, answer);
        String tradeNo = answer.text("trade_no");
        TradeState state = TradeState.of(String.valueOf(answer.text("trade_status")));
        BigDecimal totalAmount = answer.amount("total_amount");
        if (tradeNo == null || !Wire.isNumber(tradeNo) || state == null || totalAmount == null) {
            throw new UnexpectedAnswer("a trade without number, amount or known status");
        }
        return new Trade(outTradeNo, tradeNo, state, totalAmount, Wire.time(answer.text("send_pay_date")));
    }

    CloseResult close(String outTradeNo) throws AlipayApiException, UnexpectedAnswer {
        Answer answer = gateway.close(outTradeNo);
        if (answer.declined() && answer.because("TRADE_NOT_EXIST")) {
            return CloseResult.NO_SUCH_TRADE;
        }
        if (answer.declined() && isNotWaiting(answer)) {
            return CloseResult.NOT_WAITING;
        }
        requireSuccess(answer);
        requireOf("out_trade_no", outTradeNo, answer);
        return CloseResult.CLOSED;
    }

    RefundAnswer refund(RefundRequest refund) throws AlipayApiException, UnexpectedAnswer {
        Answer answer = gateway.refund(refund);
        if (answer.declined()) {
            return new RefundAnswer(heals(answer) ? State.NOT_DONE : State.REFUSED, null, answer.subCode());
        }
        requireSuccess(answer);
        requireOf("trade_no", refund.tradeNo(), answer);
        return "Y".equals(answer.text("fund_change"))
                ? new RefundAnswer(State.DONE, refund.amount(), null)
                : new RefundAnswer(State.NOT_DONE, null, null);
    }

    RefundAnswer refundState(String tradeNo, String outRequestNo) throws AlipayApiException, UnexpectedAnswer {
        Answer answer = gateway.refundState(tradeNo, outRequestNo);
        if (answer.declined()) {
            return new RefundAnswer(State.NOT_DONE, null, answer.subCode());
        }
        requireSuccess(answer);
        if (!"REFUND_SUCCESS".equals(answer.text("refund_status"))) {
            return new RefundAnswer(State.NOT_DONE, null, null);
        }
        requireOf("trade_no", tradeNo, answer);
        requireOf("out_request_no", outRequestNo, answer);
        BigDecimal amount = answer.amount("refund_amount");
        if (amount == null) {
            throw new UnexpectedAnswer("a refund without an amount");
        }
        return new RefundAnswer(State.DONE, amount, null);
    }

    private static boolean isNotWaiting(Answer answer) {
        return answer.because(
                "TRADE_STATUS_ERROR",
                "REASON_TRADE_STATUS_INVALID",
                "REASON_ILLEGAL_STATUS",
                "TRADE_HAS_SUCCESS",
                "TRADE_HAS_FINISHED",
                "TRADE_HAS_CLOSE");
    }

    /** Whether the same refund may succeed later: Alipay failed, asks for patience, or the seller has too little money. */
    private static boolean heals(Answer answer) {
        return answer.because(
                "SYSTEM_ERROR",
                "UNKNOW-ERROR",
                "SELLER_BALANCE_NOT_ENOUGH",
                "REFUND_CHARGE_ERROR",
                "APP-CALL-LIMITED",
                "METHOD-CALL-LIMITED");
    }

    static void requireSuccess(Answer answer) throws UnexpectedAnswer {
        if (!answer.succeeded()) {
            throw new UnexpectedAnswer("code " + Wire.named(answer.code()) + " " + Wire.named(answer.subCode()));
        }
    }

    /** A genuine answer to another call, sent again, has the right name and a right signature. */
    private static void requireOf(String member, String wanted, Answer answer) throws UnexpectedAnswer {
        if (!wanted.equals(answer.text(member))) {
            throw new UnexpectedAnswer("an answer of another " + member);
        }
    }
}
