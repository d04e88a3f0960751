package io.giftorders.localalipay;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** One request over HTTP and the ways to answer it. */
final class Visit {

    private final HttpExchange exchange;
    private final String body;

    Visit(HttpExchange exchange) throws IOException {
        this.exchange = exchange;
        // form bodies are ASCII; what else comes is read again as what it is
        this.body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    boolean post() {
        return exchange.getRequestMethod().equals("POST");
    }

    String httpMethod() {
        return exchange.getRequestMethod();
    }

    String path() {
        return exchange.getRequestURI().getPath();
    }

    /** What follows the path of the context, such as {@code 17/pay} of {@code /cashier/17/pay}. */
    String rest() {
        return path().substring(exchange.getHttpContext().getPath().length());
    }

    String text() {
        return new String(body.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /** Query and form together, in the charset that the query names. */
    Map<String, String> parameters() {
        String query = Objects.requireNonNullElse(exchange.getRequestURI().getRawQuery(), "");
        Map<String, String> parameters = Parameters.read(query);
        Parameters.read(body, Parameters.charset(parameters))
                .forEach((name, value) -> Parameters.add(parameters, name, value));
        return parameters;
    }

    void header(String name, String value) {
        exchange.getResponseHeaders().set(name, value);
    }

    void html(int status, String page) throws IOException {
        header("Cache-Control", "no-store");
        send(status, "text/html;charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }

    void text(String text, Charset charset) throws IOException {
        send(200, "text/html;charset=" + charset.name().toLowerCase(Locale.ROOT), text.getBytes(charset));
    }

    void json(int status, Object value) throws IOException {
        send(status, "application/json", Json.write(value).getBytes(StandardCharsets.UTF_8));
    }

    void redirect(int status, String url) throws IOException {
        header("Location", url);
        exchange.sendResponseHeaders(status, -1);
    }

    void send(int status, String type, byte[] bytes) throws IOException {
        header("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    /** A byte at a time: no read of the client's takes long, all of them together do. */
    void drip(byte[] bytes, long millisBetween) throws IOException, InterruptedException {
        header("Content-Type", "text/html;charset=utf-8");
        exchange.sendResponseHeaders(200, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            for (byte one : bytes) {
                out.write(one);
                out.flush();
                Thread.sleep(millisBetween);
            }
        }
    }
}
