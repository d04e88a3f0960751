package io.giftorders.localalipay;

import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Answers to a seller's server: a node of text and a signature of exactly that text. */
final class Answers {

    private final Keys keys;

    Answers(Keys keys) {
        this.keys = keys;
    }

    static String done(Map<String, String> fields) {
        Map<String, String> node = new LinkedHashMap<>();
        node.put("code", "10000");
        node.put("msg", "Success");
        node.putAll(fields);
        return Json.write(node);
    }

    static String failed(Declined declined) {
        Map<String, String> node = new LinkedHashMap<>();
        node.put("code", declined.kind().code());
        node.put("msg", declined.kind().message());
        node.put("sub_code", declined.subCode());
        node.put("sub_msg", declined.reason());
        node.putAll(declined.fields());
        return Json.write(node);
    }

    String signed(String method, String node, Charset charset) {
        return "{" + named(method, node) + ",\"sign\":\"" + keys.sign(node, charset) + "\"}";
    }

    /** The signature is real, and of another text. */
    String signedWrongly(String method, String node, Charset charset) {
        return "{" + named(method, node) + ",\"sign\":\"" + keys.sign(node + " ", charset) + "\"}";
    }

    /**
     * Puts an object of a stranger's before the signed one. Its name is chosen so that a reader which keeps the objects in a
     * {@link HashMap} and takes the first one, as the official SDK does, gets the forgery.
     */
    String withForgery(String method, String node, JsonNode content, Charset charset) {
        Map<String, String> forged = new LinkedHashMap<>();
        forged.put("code", "10000");
        forged.put("msg", "Success");
        for (String name : List.of("out_trade_no", "trade_no", "out_request_no", "refund_amount")) {
            content.path(name).asStringOpt().ifPresent(value -> forged.put(name, value));
        }
        forged.putIfAbsent("trade_no", "2026112222001400000000000000");
        forged.put("trade_status", "TRADE_SUCCESS");
        forged.put("total_amount", "88.80");
        forged.put("fund_change", "Y");
        forged.put("refund_status", "REFUND_SUCCESS");
        return "{\"" + nameBefore(nodeName(method)) + "\":" + Json.write(forged) + ","
                + signed(method, node, charset).substring(1);
    }

    /** The members are put in as they stand in the answer: of two in one bucket the first stays first, so a name is found. */
    private static String nameBefore(String nodeName) {
        for (int number = 0; ; number++) {
            String name = "zz" + number;
            Map<String, Integer> root = new HashMap<>();
            List.of(name, nodeName, "alipay_cert_sn", "sign").forEach(member -> root.put(member, 1));
            if (root.keySet().iterator().next().equals(name)) {
                return name;
            }
        }
    }

    static String unsigned(String method, String node) {
        return "{" + named(method, node) + "}";
    }

    static String named(String method, String node) {
        return "\"" + nodeName(method) + "\":" + node;
    }

    static String nodeName(String method) {
        return method.replace('.', '_') + "_response";
    }
}
