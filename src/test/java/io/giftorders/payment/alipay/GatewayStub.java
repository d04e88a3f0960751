package io.giftorders.payment.alipay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.giftorders.trace.Spans;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** A gateway that says whatever a test wants it to, byte for byte, and remembers what it was asked. */
final class GatewayStub implements AutoCloseable {

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Map<String, String>> requests = new CopyOnWriteArrayList<>();
    private final List<Alipay> opened = new ArrayList<>();
    private volatile Function<Map<String, String>, String> answer = request -> "";

    GatewayStub() {
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        server.createContext("/gateway.do", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/gateway.do";
    }

    HttpServer server() {
        return server;
    }

    /** The text of each answer from now on. */
    void answers(Function<Map<String, String>, String> answer) {
        this.answer = answer;
    }

    void answers(String text) {
        answers(request -> text);
    }

    /** Answers each call with this object, named after the call and signed with Alipay's key. */
    void answersSigned(String node) {
        answers(request -> TestKeys.answer(request.get("method"), node));
    }

    /** The parameters of each call, those of URL and body together. */
    List<Map<String, String>> requests() {
        return requests;
    }

    /** The service's side, with settings beyond those it needs. */
    Alipay alipay(String... settings) {
        return alipay(new SimpleMeterRegistry(), settings);
    }

    Alipay alipay(MeterRegistry registry, String... settings) {
        Alipay alipay = new Alipay(properties(url(), settings), registry, Spans.NONE);
        opened.add(alipay);
        return alipay;
    }

    static AlipayProperties properties(String gateway, String... settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                "gateway",
                gateway,
                "app-id",
                TestKeys.APP_ID,
                "seller-id",
                TestKeys.SELLER_ID,
                "public-url",
                "https://shop.example",
                "keys",
                TestKeys.directory().toString()));
        for (String setting : settings) {
            all.put(setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1));
        }
        Map<String, String> named = all.entrySet().stream()
                .collect(Collectors.toMap(one -> "gift-orders.alipay." + one.getKey(), Map.Entry::getValue));
        return new Binder(new MapConfigurationPropertySource(named))
                .bind("gift-orders.alipay", AlipayProperties.class)
                .get();
    }

    static Map<String, String> parameters(String form) {
        return Arrays.stream(form.split("&"))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> URLDecoder.decode(pair[0], StandardCharsets.UTF_8),
                        pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        opened.forEach(Alipay::close);
        server.stop(0);
        threads.shutdownNow();
    }

    private void serve(HttpExchange exchange) throws IOException {
        Map<String, String> request =
                new HashMap<>(parameters(exchange.getRequestURI().getRawQuery()));
        request.putAll(parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        requests.add(request);
        byte[] text = answer.apply(request).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html;charset=utf-8");
        exchange.sendResponseHeaders(200, text.length == 0 ? -1 : text.length);
        exchange.getResponseBody().write(text);
        exchange.close();
    }
}
