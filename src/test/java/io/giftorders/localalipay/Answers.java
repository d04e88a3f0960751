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
    private final String serial;

    Answers(Keys keys) {
        this.keys = keys;
        this.serial = Certificates.serial(keys.certificates().alipay());
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

    String signed(Reply reply, String node) {
        return "{" + named(reply.method(), node) + "," + signature(reply, node) + "}";
    }

    /** The signature is real, and of another text. */
    String signedWrongly(Reply reply, String node) {
        return "{" + named(reply.method(), node) + "," + signature(reply, node + " ") + "}";
    }

    private String signature(Reply reply, String signed) {
        String named = reply.certified() ? "\"alipay_cert_sn\":\"" + serial + "\"," : "";
        return named + "\"sign\":\"" + keys.sign(signed, reply.charset()) + "\"";
    }

    /**
     * Puts an object of a stranger's before the signed one. Its name is chosen so that a reader which keeps the objects in a
     * {@link HashMap} and takes the first one, as the official SDK does, gets the forgery.
     */
    String withForgery(Reply reply, String node, JsonNode content) {
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
        return "{\"" + nameBefore(nodeName(reply.method())) + "\":" + Json.write(forged) + ","
                + signed(reply, node).substring(1);
    }

    private static String nameBefore(String nodeName) {
        for (int number = 0; ; number++) {
            String name = "zz" + number;
            Map<String, Integer> root = new HashMap<>(Map.of(nodeName, 1, "sign", 2, "alipay_cert_sn", 3, name, 4));
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

    /**
     * To whom an answer goes.
     *
     * @param certified whether the request named certificates: the answer then names Alipay's
     */
    record Reply(String method, Charset charset, boolean certified) {}
}
