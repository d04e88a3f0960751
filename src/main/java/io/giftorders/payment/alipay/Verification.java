package io.giftorders.payment.alipay;

import com.alipay.api.AlipayApiException;
import io.giftorders.problem.Detail;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells what Alipay sent from what anybody could have sent. Blocks for about 30 µs. */
final class Verification {

    private static final String SIGN_TYPE = "RSA2";

    private final Keys keys;

    Verification(Keys keys) {
        this.keys = keys;
    }

    /**
     * Reads a notify. A status that this service does not know is no payment; an amount that is none, or a field that is
     * missing, is refused even if signed: nothing can be booked on it, and queries find the payment.
     */
    Notice notice(byte[] body) {
        SignedForm form = SignedForm.read(body);
        if (!signed(() -> keys.signedWithoutType(form), form)) {
            throw notSigned();
        }
        boolean refund = refunds(form);
        return new Notice(
                form.require("notify_id"),
                form.require("app_id"),
                form.require("seller_id"),
                trade(form),
                refund,
                refund ? form.get("out_biz_no") : null);
    }

    /** Reads what the browser brought. Reports differ on whether its signature has the sign_type in it. */
    Return returned(String rawQuery) {
        SignedForm form = SignedForm.read(rawQuery.getBytes(StandardCharsets.UTF_8));
        boolean signed = signed(() -> keys.signedWithoutType(form) || keys.signedWithType(form), form);
        if (!signed) {
            throw notSigned();
        }
        return new Return(
                form.require("app_id"),
                form.require("seller_id"),
                form.require("out_trade_no"),
                number(form, "trade_no"),
                amount(form));
    }

    private static Trade trade(SignedForm form) {
        return new Trade(
                form.require("out_trade_no"),
                number(form, "trade_no"),
                Objects.requireNonNullElse(TradeState.of(form.require("trade_status")), TradeState.WAITING),
                amount(form),
                Wire.time(form.get("gmt_payment")));
    }

    /** A refund's notify has the status of a paid trade as long as something is left of it. */
    private static boolean refunds(SignedForm form) {
        return form.get("gmt_refund") != null || moved(form.get("refund_fee")) || moved(form.get("send_back_fee"));
    }

    /** What is no amount counts as one: better a payment found late than a refund booked as a payment. */
    private static boolean moved(@Nullable String fee) {
        BigDecimal amount = Wire.amount(fee);
        return fee != null && (amount == null || amount.signum() > 0);
    }

    private static String number(SignedForm form, String name) {
        String number = form.require(name);
        if (!Wire.isNumber(number)) {
            throw new NotFromAlipay(Detail.of("not-from-alipay.no-number", name));
        }
        return number;
    }

    private static BigDecimal amount(SignedForm form) {
        BigDecimal amount = Wire.amount(form.require("total_amount"));
        if (amount == null) {
            throw new NotFromAlipay(Detail.of("not-from-alipay.no-amount"));
        }
        return amount;
    }

    /** The SDK throws, with everything in the message, where a signature is not even one. */
    private static boolean signed(Check check, SignedForm form) {
        if (!SIGN_TYPE.equals(form.get("sign_type"))) {
            return false;
        }
        try {
            return check.passes();
        } catch (AlipayApiException | RuntimeException noSignature) {
            return false;
        }
    }

    private static NotFromAlipay notSigned() {
        return new NotFromAlipay(Detail.of("not-from-alipay.not-signed"));
    }

    private interface Check {
        boolean passes() throws AlipayApiException;
    }
}
