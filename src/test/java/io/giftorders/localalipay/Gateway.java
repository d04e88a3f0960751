package io.giftorders.localalipay;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/** What a seller's server may ask: checks who asks, does it and writes the answer's node. */
final class Gateway {

    static final String PAGE_PAY = "alipay.trade.page.pay";

    private final Trades trades;
    private final Notifier notifier;
    private final Keys keys;
    private final Account account;
    private final Bills bills;
    private final Supplier<String> address;

    /** @param address where browsers and servers reach this Alipay */
    Gateway(Trades trades, Notifier notifier, Keys keys, Account account, Bills bills, Supplier<String> address) {
        this.trades = trades;
        this.notifier = notifier;
        this.keys = keys;
        this.account = account;
        this.bills = bills;
        this.address = address;
    }

    /** Fails with {@link Declined} unless our seller's app signed the request. */
    void authenticate(Map<String, String> parameters) {
        present(parameters, "app_id", "isv.missing-app-id");
        present(parameters, "method", "isv.missing-method");
        present(parameters, "version", "isv.missing-version");
        present(parameters, "timestamp", "isv.missing-timestamp");
        present(parameters, "sign_type", "isv.missing-signature-type");
        present(parameters, "sign", "isv.missing-signature");
        valid(parameters.get("app_id").equals(account.appId()), "isv.invalid-app-id", "无效的AppID参数");
        valid(parameters.get("sign_type").equals("RSA2"), "isv.invalid-signature-type", "无效的签名类型");
        valid(readable(parameters.get("timestamp")), "isv.invalid-timestamp", "非法的时间戳参数");
        valid(certified(parameters), "isv.invalid-signature", "证书序列号不匹配");
        valid(keys.signedByApp(parameters), "isv.invalid-signature", "无效签名");
    }

    private static void present(Map<String, String> parameters, String name, String subCode) {
        if (parameters.getOrDefault(name, "").isBlank()) {
            throw Declined.missing(subCode, "缺少参数: " + name);
        }
    }

    private static void valid(boolean right, String subCode, String reason) {
        if (!right) {
            throw Declined.invalid(subCode, reason);
        }
    }

    /** Whoever names certificates must name ours. */
    private boolean certified(Map<String, String> parameters) {
        Certificates ours = keys.certificates();
        return !parameters.containsKey("app_cert_sn")
                || (Certificates.serial(ours.app()).equals(parameters.get("app_cert_sn"))
                        && Certificates.serial(ours.root()).equals(parameters.get("alipay_root_cert_sn")));
    }

    private static boolean readable(String timestamp) {
        try {
            AlipayTime.read(timestamp);
            return true;
        } catch (DateTimeException unreadable) {
            return false;
        }
    }

    /** Does what is asked; the fields of the answer. Fails with {@link Declined}. */
    Map<String, String> call(String method, JsonNode content) {
        return switch (method) {
            case "alipay.trade.query" -> query(content);
            case "alipay.trade.close" -> close(content);
            case "alipay.trade.refund" -> refund(content);
            case "alipay.trade.fastpay.refund.query" -> refundState(content);
            case "alipay.data.dataservice.bill.downloadurl.query" -> bill(content);
            default -> throw Declined.invalid("isv.invalid-method", "不存在的方法名");
        };
    }

    private Map<String, String> query(JsonNode content) {
        return trade(content).answer(Instant.now());
    }

    private Map<String, String> close(JsonNode content) {
        Trade trade = trade(content);
        Map<String, String> names = names(trade);
        Map<String, String> notice;
        synchronized (trade) {
            try {
                trade.close(Instant.now());
            } catch (Declined refused) {
                throw refused.about(names);
            }
            notice = trade.notice();
        }
        closed(trade, notice);
        return names;
    }

    private void closed(Trade trade, Map<String, String> notice) {
        String number = trade.order().outTradeNo();
        if (notifier.faults().strikes(Fault.CLOSE_NOTICES, number, "")) {
            notifier.send(trade.order(), notice);
        }
    }

    private Map<String, String> refund(JsonNode content) {
        Trade trade = trade(content);
        String number = text(content, "out_request_no");
        BigDecimal amount = amount(content);
        Map<String, String> answer;
        Map<String, String> notice;
        boolean changed;
        synchronized (trade) {
            Instant now = Instant.now();
            try {
                changed = trade.refund(number.isEmpty() ? null : number, amount, now);
            } catch (Declined refused) {
                throw refused.about(names(trade));
            }
            answer = trade.refundAnswer(changed, now);
            notice = trade.notice();
        }
        if (changed) {
            refunded(trade, notice);
        }
        return answer;
    }

    private void refunded(Trade trade, Map<String, String> notice) {
        String number = trade.order().outTradeNo();
        if (notice.get("trade_status").equals("TRADE_CLOSED")) {
            closed(trade, notice);
        } else if (notifier.faults().strikes(Fault.PARTIAL_REFUND_NOTICES, number, "")) {
            notifier.send(trade.order(), notice);
        }
    }

    private static BigDecimal amount(JsonNode content) {
        try {
            return new BigDecimal(text(content, "refund_amount"));
        } catch (NumberFormatException unreadable) {
            throw Declined.business("ACQ.INVALID_PARAMETER", "参数无效: refund_amount");
        }
    }

    /** Says nothing of a refund it does not know. */
    private Map<String, String> refundState(JsonNode content) {
        Trade trade;
        try {
            trade = trade(content);
        } catch (Declined noTrade) {
            throw Declined.business("TRADE_NOT_EXIST", "交易不存在");
        }
        String number = text(content, "out_request_no");
        Trade.Refund refund = trade.refunds().get(number);
        if (refund == null) {
            return Map.of();
        }
        Map<String, String> answer = new TreeMap<>(names(trade));
        answer.put("out_request_no", number);
        answer.put("refund_amount", refund.amount().toPlainString());
        answer.put("refund_status", "REFUND_SUCCESS");
        answer.put("total_amount", trade.order().amount());
        if (content.path("query_options").toString().contains("gmt_refund_pay")) {
            answer.put("gmt_refund_pay", AlipayTime.write(refund.at()));
        }
        return answer;
    }

    private Map<String, String> bill(JsonNode content) {
        String path = bills.ticket(text(content, "bill_type"), text(content, "bill_date"));
        return Map.of("bill_download_url", address.get() + path);
    }

    /** The order that a request is about, also where it names the trade alone; empty if neither is known. */
    String outTradeNo(JsonNode content) {
        Trade trade = trades.numbered(text(content, "trade_no"));
        return trade == null ? text(content, "out_trade_no") : trade.order().outTradeNo();
    }

    private Trade trade(JsonNode content) {
        String outTradeNo = text(content, "out_trade_no");
        try {
            return trades.required(text(content, "trade_no"), outTradeNo);
        } catch (Declined none) {
            throw outTradeNo.isEmpty() ? none : none.about(Map.of("out_trade_no", outTradeNo));
        }
    }

    private static Map<String, String> names(Trade trade) {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("out_trade_no", trade.order().outTradeNo());
        names.put("trade_no", trade.tradeNo());
        return names;
    }

    private static String text(JsonNode content, String name) {
        return content.path(name).asString("");
    }
}
