package io.giftorders.localalipay;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code /gateway.do}: pages for buyers, signed JSON for servers, and what goes wrong on the way. */
final class GatewayDoor {

    private static final long DRIP_MILLIS = 100;

    private final Gateway gateway;
    private final Cashier cashier;
    private final Faults faults;
    private final Answers answers;

    GatewayDoor(Gateway gateway, Cashier cashier, Faults faults, Answers answers) {
        this.gateway = gateway;
        this.cashier = cashier;
        this.faults = faults;
        this.answers = answers;
    }

    void enter(Visit visit) throws IOException, InterruptedException {
        Map<String, String> parameters;
        try {
            parameters = visit.parameters();
        } catch (IllegalArgumentException | Declined unreadable) {
            visit.text(
                    Answers.unsigned("error", Answers.failed(Declined.invalid("isv.invalid-parameter", "参数无效"))),
                    StandardCharsets.UTF_8);
            return;
        }
        if (Gateway.PAGE_PAY.equals(parameters.get("method"))) {
            showCashier(visit, parameters);
        } else {
            answerServer(visit, parameters);
        }
    }

    private void showCashier(Visit visit, Map<String, String> parameters) throws IOException {
        try {
            gateway.authenticate(parameters);
            PagePay order = PagePay.of(parameters, Instant.now());
            String page = cashier.open(order);
            visit.header("Content-Location", "/cashier/" + page);
            visit.html(200, Pages.cashier(page, order));
        } catch (Declined refused) {
            visit.text(Pages.refused(refused, "GBK"), Charset.forName("GBK"));
        }
    }

    private void answerServer(Visit visit, Map<String, String> parameters) throws IOException, InterruptedException {
        String method = parameters.getOrDefault("method", "error");
        Charset charset = Parameters.charset(parameters);
        Call call;
        try {
            gateway.authenticate(parameters);
            JsonNode content = Json.read(parameters.get("biz_content"));
            boolean certified = parameters.containsKey("app_cert_sn");
            call = new Call(new Answers.Reply(method, charset, certified), content, gateway.outTradeNo(content));
        } catch (Declined refused) {
            visit.text(Answers.unsigned(method, Answers.failed(refused)), charset);
            return;
        }
        answer(visit, call);
    }

    private void answer(Visit visit, Call call) throws IOException, InterruptedException {
        if (strikes(Fault.GATEWAY_RESET, call)) {
            return;
        }
        if (strikes(Fault.GATEWAY_HTTP_500, call)) {
            visit.html(500, "<html><body>500 Internal Server Error</body></html>");
            return;
        }
        if (strikes(Fault.GATEWAY_HTML, call)) {
            visit.html(200, "<html><body>系统维护中</body></html>");
            return;
        }
        String node = node(call);
        if (strikes(Fault.GATEWAY_ANSWER_LOST, call)) {
            return;
        }
        Faults.Scope delay = take(Fault.GATEWAY_DELAY, call);
        if (delay != null) {
            Thread.sleep(delay.duration().toMillis());
        }
        if (strikes(Fault.GATEWAY_DRIP, call)) {
            visit.drip(node.getBytes(call.reply.charset()), DRIP_MILLIS);
        } else {
            visit.text(node, call.reply.charset());
        }
    }

    /** The whole answer's text, after the work was done or declined. */
    private String node(Call call) {
        Faults.Scope unsigned = take(Fault.GATEWAY_UNSIGNED_FAILURE, call);
        if (unsigned != null) {
            return Answers.unsigned(call.reply.method(), Answers.failed(Declined.business(unsigned.subCode(), "失败")));
        }
        Faults.Scope signed = take(Fault.GATEWAY_SIGNED_FAILURE, call);
        if (signed != null) {
            return sign(call, Answers.failed(Declined.business(signed.subCode(), "失败")));
        }
        if (strikes(Fault.GATEWAY_RATE_LIMIT, call)) {
            return Answers.unsigned(call.reply.method(), Answers.failed(Declined.tooOften()));
        }
        String node = work(call);
        if (strikes(Fault.GATEWAY_UNKNOWN, call)) {
            return sign(call, Answers.failed(Declined.unknown()));
        }
        if (strikes(Fault.GATEWAY_BAD_SIGNATURE, call)) {
            return answers.signedWrongly(call.reply, node);
        }
        if (strikes(Fault.GATEWAY_EXTRA_ROOT_OBJECT, call)) {
            return answers.withForgery(call.reply, node, call.content);
        }
        return sign(call, node);
    }

    private String work(Call call) {
        try {
            return Answers.done(gateway.call(call.reply.method(), call.content));
        } catch (Declined refused) {
            return Answers.failed(refused);
        }
    }

    private String sign(Call call, String node) {
        return answers.signed(call.reply, node);
    }

    private boolean strikes(Fault fault, Call call) {
        return take(fault, call) != null;
    }

    private Faults.@Nullable Scope take(Fault fault, Call call) {
        return faults.take(fault, call.outTradeNo(), call.reply.method());
    }

    private record Call(Answers.Reply reply, JsonNode content, String outTradeNo) {}
}
