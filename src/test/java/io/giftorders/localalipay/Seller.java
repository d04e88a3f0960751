package io.giftorders.localalipay;

import com.alipay.api.AlipayApiException;
import com.alipay.api.AlipayClient;
import com.alipay.api.AlipayConfig;
import com.alipay.api.AlipayRequest;
import com.alipay.api.AlipayResponse;
import com.alipay.api.DefaultAlipayClient;
import com.alipay.api.internal.util.AlipayLogger;
import com.alipay.api.internal.util.AlipaySignature;
import com.alipay.api.request.AlipayTradePagePayRequest;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A seller with the official SDK as it comes, and an address that hears notifies. */
final class Seller implements AutoCloseable {

    private static final String DISABLED = "jdk.certpath.disabledAlgorithms";

    static {
        // the SDK clears it for the whole JVM when its client's class is loaded: other tests want to see it as it was
        String before = Security.getProperty(DISABLED);
        try {
            Class.forName("com.alipay.api.AbstractAlipayClient");
        } catch (ClassNotFoundException none) {
            throw new IllegalStateException(none);
        } finally {
            Security.setProperty(DISABLED, before);
        }
    }

    private final LocalAlipay alipay;
    private final AlipayConfig config;
    private final AlipayClient client;
    private final HttpServer server;
    private final List<Map<String, String>> heard = new CopyOnWriteArrayList<>();
    private volatile String answer = "success";

    Seller(LocalAlipay alipay) {
        this.alipay = alipay;
        AlipayLogger.setNeedEnableLogger(false);
        try {
            config = config(alipay);
            client = new DefaultAlipayClient(config);
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (AlipayApiException failure) {
            throw new IllegalStateException(failure);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/alipay/notify", exchange -> {
            try (exchange) {
                byte[] form = exchange.getRequestBody().readAllBytes();
                heard.add(Parameters.read(new String(form, StandardCharsets.US_ASCII)));
                byte[] text = answer.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, text.length);
                exchange.getResponseBody().write(text);
            }
        });
        server.start();
    }

    private static AlipayConfig config(LocalAlipay alipay) {
        AlipayConfig config = new AlipayConfig();
        config.setServerUrl(alipay.gateway());
        config.setAppId(alipay.appId());
        config.setPrivateKey(bare(alipay.keys().resolve("app_private_key.pem")));
        config.setAlipayPublicKey(bare(alipay.keys().resolve("alipay_public_key.pem")));
        config.setReadTimeout(3_000);
        return config;
    }

    static String bare(Path pem) {
        try {
            return Files.readAllLines(pem).stream()
                    .filter(line -> !line.startsWith("-----"))
                    .collect(Collectors.joining());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String newOrder() {
        return "o" + UUID.randomUUID().toString().replace("-", "");
    }

    /** An order of ¥88.80 that may be paid for a quarter of an hour. */
    String payUrl(String outTradeNo) {
        return payUrl(order(outTradeNo, "88.80", Duration.ofMinutes(15)), "GET");
    }

    String payUrl(String bizContent, String method) {
        AlipayTradePagePayRequest request = new AlipayTradePagePayRequest();
        request.setBizContent(bizContent);
        request.setNotifyUrl(address() + "/alipay/notify");
        request.setReturnUrl(address() + "/alipay/return");
        try {
            return client.pageExecute(request, method).getBody();
        } catch (AlipayApiException failure) {
            throw new IllegalStateException(failure);
        }
    }

    static String order(String outTradeNo, String amount, Duration time) {
        return Json.write(Map.of(
                "out_trade_no",
                outTradeNo,
                "total_amount",
                amount,
                "subject",
                "两只茶杯 + Tee",
                "product_code",
                "FAST_INSTANT_TRADE_PAY",
                "passback_params",
                "a%3D1",
                "time_expire",
                AlipayTime.write(Instant.now().plus(time))));
    }

    /** Asks about an order, with more of the request's content in pairs. */
    <T extends AlipayResponse, R extends AlipayRequest<T>> T ask(
            R request, BiConsumer<R, String> setContent, String... content) throws AlipayApiException {
        Map<String, String> named = new HashMap<>();
        for (int name = 0; name < content.length; name += 2) {
            named.put(content[name], content[name + 1]);
        }
        setContent.accept(request, Json.write(named));
        return client.execute(request);
    }

    /** Whether the SDK takes it for Alipay's own. */
    boolean verifies(Map<String, String> parameters) {
        try {
            return AlipaySignature.rsaCheckV1(
                    new HashMap<>(parameters), config.getAlipayPublicKey(), parameters.get("charset"), "RSA2");
        } catch (AlipayApiException refused) {
            return false;
        }
    }

    /** The parameters that a browser brings back. */
    static Map<String, String> parameters(String url) {
        return Parameters.read(URI.create(url).getRawQuery());
    }

    void answer(String text) {
        answer = text;
    }

    /** Every notify that came, for whichever order. */
    List<Map<String, String>> heard() {
        return List.copyOf(heard);
    }

    List<Map<String, String>> heard(String outTradeNo) {
        return heard.stream()
                .filter(one -> one.get("out_trade_no").equals(outTradeNo))
                .collect(Collectors.toList());
    }

    @Nullable
    String status(String outTradeNo) {
        TradeView trade = alipay.trade(outTradeNo);
        return trade == null ? null : trade.status();
    }

    private String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
