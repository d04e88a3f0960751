package io.giftorders.payment.alipay;

import com.alipay.api.FileItem;
import com.alipay.api.internal.util.AbstractHttpClient;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * HTTP for the SDK. Its own transports have a time-out for each read, which a server sending a byte now and then never
 * meets, no bound on an answer's size, follow redirects, and send a POST again when a connection breaks. This one has one
 * time-out for all of it, a bound, follows nothing and sends once.
 */
final class Transport extends AbstractHttpClient {

    /** Chosen: an answer is 1 to 10 KB. */
    static final int MAX_ANSWER = 1024 * 1024;

    /** The call by which the SDK would fetch a certificate it does not know, without any signature on the answer. */
    private static final String CERTIFICATE_DOWNLOAD = "method=alipay.open.app.alipaycert.download";

    private final HttpClient client;
    private final Duration timeout;

    Transport(Duration connectTimeout, Duration timeout) {
        this.timeout = timeout;
        // HTTP/1.1: over HTTP/2 the client may repeat what a server says it has not processed
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(connectTimeout)
                .build();
    }

    @Override
    public String doPost(String url, Map<String, String> parameters, String charset, Map<String, String> headers)
            throws IOException {
        if (url.contains(CERTIFICATE_DOWNLOAD)) {
            throw new IOException("Alipay signs with another certificate than alipay_cert.crt");
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded;charset=" + charset)
                .POST(BodyPublishers.ofString(form(parameters, Charset.forName(charset)), StandardCharsets.US_ASCII))
                .build();
        return new String(exchange(request, MAX_ANSWER, timeout), Charset.forName(charset));
    }

    @Override
    public String doPost(
            String url,
            Map<String, String> parameters,
            Map<String, FileItem> files,
            String charset,
            Map<String, String> headers)
            throws IOException {
        throw new IOException("nothing is uploaded to Alipay");
    }

    /** Fetches a file; fails as {@link #doPost} does. */
    byte[] get(URI url, int maxBytes, Duration within) throws IOException {
        return exchange(HttpRequest.newBuilder(url).build(), maxBytes, within);
    }

    private byte[] exchange(HttpRequest request, int maxBytes, Duration within) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request, status -> new BoundedBody(maxBytes));
        try {
            HttpResponse<byte[]> response = exchange.get(within.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new IOException("status " + response.statusCode());
            }
            return response.body();
        } catch (TimeoutException late) {
            throw new HttpTimeoutException("no whole answer within " + within);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("given up");
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        } finally {
            exchange.cancel(true);
        }
    }

    private static String form(Map<String, String> parameters, Charset charset) {
        return parameters.entrySet().stream()
                .filter(parameter -> parameter.getValue() != null)
                .map(parameter -> URLEncoder.encode(parameter.getKey(), charset) + "="
                        + URLEncoder.encode(parameter.getValue(), charset))
                .collect(Collectors.joining("&"));
    }
}
