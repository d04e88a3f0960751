package io.giftorders.localalipay;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** {@code /control/}: for people who want to see what Alipay knows, play the buyer by {@code curl} or make things go wrong. */
final class ControlDoor {

    private final LocalAlipay alipay;

    ControlDoor(LocalAlipay alipay) {
        this.alipay = alipay;
    }

    void enter(Visit visit) throws IOException {
        try {
            answer(visit);
        } catch (Declined refused) {
            visit.json(409, Map.of("sub_code", refused.subCode(), "reason", refused.reason()));
        } catch (IllegalArgumentException | IllegalStateException wrong) {
            visit.json(400, Map.of("reason", String.valueOf(wrong.getMessage())));
        }
    }

    private void answer(Visit visit) throws IOException {
        switch (visit.httpMethod() + " " + visit.rest()) {
            case "GET trades" -> visit.json(200, trades());
            case "GET deliveries" -> visit.json(200, deliveries());
            case "GET faults" -> visit.json(200, alipay.faults().pending());
            case "POST faults" -> {
                add(Json.read(visit.text()));
                visit.json(200, alipay.faults().pending());
            }
            case "DELETE faults" -> {
                alipay.faults().reset();
                visit.json(200, List.of());
            }
            default -> {
                String prefix = "trades/";
                int slash = visit.rest().lastIndexOf('/');
                if (!visit.post() || !visit.rest().startsWith(prefix) || slash < prefix.length()) {
                    visit.json(404, Map.of("reason", "no such page"));
                    return;
                }
                String order = visit.rest().substring(prefix.length(), slash);
                visit.json(200, act(order, visit.rest().substring(slash + 1)));
            }
        }
    }

    private Map<String, String> act(String order, String verb) {
        String back = "";
        switch (verb) {
            case "login" -> alipay.login(order);
            case "pay" -> back = alipay.pay(order);
            case "pay-after-close" -> back = alipay.forcePaidAfterClose(order);
            case "expire" -> alipay.expire(order);
            case "finish" -> alipay.finish(order);
            case "notify" -> alipay.notifyAgain(order);
            default ->
                throw new IllegalArgumentException(
                        "one of login, pay, pay-after-close, expire, finish, notify, not " + verb);
        }
        return back.isEmpty() ? Map.of() : Map.of("return_url", back);
    }

    /** {@code {"notify": "drop", "times": 2, "out_trade_no": "17"}}; see {@link Fault} for what there is. */
    private void add(JsonNode wanted) {
        Faults.Scope scope = wanted.has("times")
                ? alipay.faults().next(wanted.path("times").asLong())
                : alipay.faults().always();
        if (wanted.has("out_trade_no")) {
            scope = scope.of(wanted.path("out_trade_no").asString());
        }
        if (wanted.has("method")) {
            scope = scope.on(wanted.path("method").asString());
        }
        if (wanted.has("millis")) {
            scope = scope.lasting(Duration.ofMillis(wanted.path("millis").asLong()));
        }
        if (wanted.has("copies")) {
            scope = scope.copies(wanted.path("copies").asInt());
        }
        if (wanted.has("sub_code")) {
            scope = scope.subCode(wanted.path("sub_code").asString());
        }
        scope.add(fault(wanted));
    }

    private static Fault fault(JsonNode wanted) {
        if (wanted.has("gateway")) {
            return Fault.valueOf("GATEWAY_" + constant(wanted, "gateway"));
        }
        String name = constant(wanted, "notify");
        return name.endsWith("_NOTICES") ? Fault.valueOf(name) : Fault.valueOf("NOTIFY_" + name);
    }

    private static String constant(JsonNode wanted, String name) {
        return wanted.path(name).asString("").replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private List<Map<String, Object>> trades() {
        return alipay.allTrades().stream().map(ControlDoor::shown).collect(Collectors.toList());
    }

    private static Map<String, Object> shown(TradeView trade) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("out_trade_no", trade.outTradeNo());
        shown.put("trade_no", trade.tradeNo());
        shown.put("trade_status", trade.status());
        shown.put("total_amount", trade.totalAmount().toPlainString());
        shown.put("refunded", trade.refunded().toPlainString());
        shown.put(
                "refunds",
                trade.refunds().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey,
                                one -> one.getValue().toPlainString(),
                                (one, same) -> one,
                                LinkedHashMap::new)));
        return shown;
    }

    private List<Map<String, Object>> deliveries() {
        return alipay.deliveries().stream().map(ControlDoor::shown).collect(Collectors.toList());
    }

    private static Map<String, Object> shown(Delivery delivery) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("out_trade_no", delivery.outTradeNo());
        shown.put("notify_id", delivery.notifyId());
        shown.put("attempt", delivery.attempt());
        shown.put("status", delivery.status());
        shown.put("answer", delivery.answer());
        return shown;
    }
}
