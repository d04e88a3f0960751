package io.giftorders.localalipay;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One trade and its rules. Its own lock is held for the change of a state and for nothing slow. */
final class Trade {

    private static final String BUYER_ID = "2088101117955611";
    private static final String BUYER_LOGON_ID = "159****5620";
    private static final BigDecimal NOTHING = new BigDecimal("0.00");

    private final String tradeNo;
    private final PagePay order;
    private final Instant createdAt;
    private final Map<String, Refund> refunds = new LinkedHashMap<>();
    private Status status = Status.WAIT_BUYER_PAY;
    private @Nullable Instant paidAt;
    private @Nullable Instant closedAt;
    private boolean timeUp;
    private boolean expired;
    private boolean expirySeen;

    Trade(String tradeNo, PagePay order, Instant createdAt) {
        this.tradeNo = tradeNo;
        this.order = order;
        this.createdAt = createdAt;
    }

    String tradeNo() {
        return tradeNo;
    }

    PagePay order() {
        return order;
    }

    /** Fails with {@link Declined} where a buyer could not go on to pay. */
    synchronized void requirePayable(Instant now) {
        expire(now);
        switch (status) {
            case WAIT_BUYER_PAY -> {}
            case TRADE_SUCCESS, TRADE_FINISHED -> throw Declined.business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付");
            case TRADE_CLOSED -> throw Declined.business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭");
        }
    }

    synchronized void pay(Instant now) {
        requirePayable(now);
        status = Status.TRADE_SUCCESS;
        paidAt = now;
    }

    /** Money arrives whatever the state was, as it does now and then. */
    synchronized void forcePaid(Instant now) {
        if (paidAt != null) {
            throw Declined.business("ACQ.TRADE_HAS_SUCCESS", "交易已被支付");
        }
        status = Status.TRADE_SUCCESS;
        paidAt = now;
        closedAt = null;
        expired = false;
    }

    /** The time to ask for a refund is over. */
    synchronized void finish() {
        if (status != Status.TRADE_SUCCESS) {
            throw statusError();
        }
        status = Status.TRADE_FINISHED;
    }

    synchronized void close(Instant now) {
        expire(now);
        if (status != Status.WAIT_BUYER_PAY) {
            throw statusError();
        }
        status = Status.TRADE_CLOSED;
        closedAt = now;
    }

    /** From now on it counts as expired. */
    synchronized void letTimeRunOut() {
        timeUp = true;
    }

    /** Closes it if its time is over. */
    private void expire(Instant now) {
        if (status == Status.WAIT_BUYER_PAY && (timeUp || order.expired(now))) {
            status = Status.TRADE_CLOSED;
            closedAt = now;
            expired = true;
        }
    }

    /** Whether its time ran out and nobody asked this before. */
    synchronized boolean firstToSeeExpiry(Instant now) {
        expire(now);
        boolean first = expired && !expirySeen;
        expirySeen |= expired;
        return first;
    }

    /**
     * Pays back. The same number and amount again is the same refund.
     *
     * @return whether money moved
     */
    synchronized boolean refund(@Nullable String outRequestNo, BigDecimal amount, Instant now) {
        String number = outRequestNo == null ? order.outTradeNo() : outRequestNo;
        Refund before = refunds.get(number);
        if (before != null) {
            if (before.amount().compareTo(amount) != 0) {
                throw Declined.business("ACQ.DISCORDANT_REPEAT_REQUEST", "请求信息不一致");
            }
            return false;
        }
        requireRefundable(now);
        if (outRequestNo == null && amount.compareTo(order.totalAmount()) != 0) {
            throw Declined.business("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额不等于交易金额");
        }
        if (amount.signum() <= 0 || refunded().add(amount).compareTo(order.totalAmount()) > 0) {
            throw Declined.business("ACQ.REASON_TRADE_REFUND_FEE_ERR", "退款金额无效");
        }
        refunds.put(number, new Refund(amount.setScale(2), now));
        if (refunded().compareTo(order.totalAmount()) == 0) {
            status = Status.TRADE_CLOSED;
            closedAt = now;
        }
        return true;
    }

    private void requireRefundable(Instant now) {
        expire(now);
        switch (status) {
            case TRADE_SUCCESS -> {}
            case WAIT_BUYER_PAY -> throw statusError();
            case TRADE_CLOSED -> throw Declined.business("ACQ.TRADE_HAS_CLOSE", "交易已经关闭");
            case TRADE_FINISHED -> throw Declined.business("ACQ.TRADE_HAS_FINISHED", "交易已完结");
        }
    }

    private static Declined statusError() {
        return Declined.business("ACQ.TRADE_STATUS_ERROR", "交易状态不合法");
    }

    private BigDecimal refunded() {
        return refunds.values().stream().map(Refund::amount).reduce(NOTHING, BigDecimal::add);
    }

    /** By number, in the order they came. */
    synchronized Map<String, Refund> refunds() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(refunds));
    }

    synchronized @Nullable Instant paidAt() {
        return paidAt;
    }

    Instant createdAt() {
        return createdAt;
    }

    synchronized TradeView view(Instant now) {
        expire(now);
        Map<String, BigDecimal> amounts = new LinkedHashMap<>();
        refunds.forEach((number, refund) -> amounts.put(number, refund.amount()));
        return new TradeView(
                tradeNo,
                order.outTradeNo(),
                status.name(),
                order.totalAmount(),
                refunded(),
                Collections.unmodifiableMap(amounts));
    }

    /** The fields of a query's answer. */
    synchronized Map<String, String> answer(Instant now) {
        expire(now);
        String received = paidAt == null ? "0.00" : order.amount();
        Map<String, String> fields = new TreeMap<>(Map.of(
                "buyer_logon_id", BUYER_LOGON_ID,
                "buyer_pay_amount", received,
                "buyer_user_id", BUYER_ID,
                "invoice_amount", received,
                "out_trade_no", order.outTradeNo(),
                "point_amount", "0.00",
                "receipt_amount", received,
                "total_amount", order.amount(),
                "trade_no", tradeNo,
                "trade_status", status.name()));
        if (paidAt != null) {
            fields.put("send_pay_date", AlipayTime.write(paidAt));
        }
        if (!order.passbackParams().isEmpty()) {
            fields.put("passback_params", order.passbackParams());
        }
        return fields;
    }

    /** The fields of a refund's answer; the amount is that of all refunds so far. */
    synchronized Map<String, String> refundAnswer(boolean changed, Instant now) {
        return new TreeMap<>(Map.of(
                "buyer_logon_id",
                BUYER_LOGON_ID,
                "buyer_user_id",
                BUYER_ID,
                "fund_change",
                changed ? "Y" : "N",
                "gmt_refund_pay",
                AlipayTime.write(now),
                "out_trade_no",
                order.outTradeNo(),
                "refund_fee",
                refunded().toPlainString(),
                "trade_no",
                tradeNo));
    }

    /** What a notify says of the trade as it stands. */
    synchronized Map<String, String> notice() {
        String received = paidAt == null ? "0.00" : order.amount();
        Map<String, String> fields = new TreeMap<>(Map.of(
                "trade_no", tradeNo,
                "out_trade_no", order.outTradeNo(),
                "trade_status", status.name(),
                "total_amount", order.amount(),
                "subject", order.subject(),
                "buyer_id", BUYER_ID,
                "buyer_logon_id", BUYER_LOGON_ID,
                "gmt_create", AlipayTime.write(createdAt)));
        if (paidAt != null) {
            fields.put("gmt_payment", AlipayTime.write(paidAt));
            fields.put("receipt_amount", received);
            fields.put("buyer_pay_amount", received);
            fields.put("invoice_amount", received);
            fields.put("point_amount", "0.00");
            fields.put("fund_bill_list", "[{\"amount\":\"" + received + "\",\"fundChannel\":\"ALIPAYACCOUNT\"}]");
        }
        if (closedAt != null) {
            fields.put("gmt_close", AlipayTime.write(closedAt));
        }
        putUnlessEmpty(fields, "body", order.body());
        putUnlessEmpty(fields, "passback_params", order.passbackParams());
        refunds.forEach((number, refund) -> {
            fields.put("refund_fee", refunded().toPlainString());
            fields.put("send_back_fee", refund.amount().toPlainString());
            fields.put("out_biz_no", number);
            fields.put("gmt_refund", AlipayTime.write(refund.at()) + ".143");
        });
        return fields;
    }

    private static void putUnlessEmpty(Map<String, String> fields, String name, String value) {
        if (!value.isEmpty()) {
            fields.put(name, value);
        }
    }

    enum Status {
        WAIT_BUYER_PAY,
        TRADE_SUCCESS,
        TRADE_FINISHED,
        TRADE_CLOSED
    }

    /** @param amount yuan of this refund alone */
    record Refund(BigDecimal amount, Instant at) {}
}
