package io.giftorders.shop;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a browser noted: messages on its console, violations of a page's Content-Security-Policy among them, and requests.
 * Those of a tab's present page are there even if it has gone elsewhere since.
 */
public final class BrowserLog {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final ChromeDriver driver;
    private final List<String> console = new ArrayList<>();
    private final Map<String, Request> requests = new LinkedHashMap<>();

    BrowserLog(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Warnings and errors, failed requests and refused content, in the browser's words. */
    public List<String> console() {
        read();
        return List.copyOf(console);
    }

    /** Every request that went to the network or was answered from the cache, data: and blob: left out. */
    public List<Request> requests() {
        read();
        return requests.values().stream()
                .filter(request -> request.url().startsWith("http"))
                .toList();
    }

    /** Hosts and ports that were asked. */
    public List<String> origins() {
        return requests().stream()
                .map(request -> URI.create(request.url()))
                .map(url -> url.getScheme() + "://" + url.getAuthority())
                .distinct()
                .sorted()
                .toList();
    }

    /** Bytes that came over the network, heads included. */
    public long transferred() {
        return requests().stream().mapToLong(Request::transferred).sum();
    }

    /** Bytes of the same after decompression, heads not included. */
    public long unpacked() {
        return requests().stream().mapToLong(Request::unpacked).sum();
    }

    /** Begins anew. */
    public void forget() {
        read();
        console.clear();
        requests.clear();
    }

    /**
     * @param status 0 where no answer came
     * @param transferred bytes over the network, 0 from the cache
     * @param unpacked bytes of the body after decompression
     */
    public record Request(String method, String url, int status, long transferred, long unpacked) {

        Request answered(int newStatus) {
            return new Request(method, url, newStatus, transferred, unpacked);
        }

        Request received(long more) {
            return new Request(method, url, status, transferred, unpacked + more);
        }

        Request finished(long length) {
            return new Request(method, url, status, length, unpacked);
        }
    }

    /** The driver tells each entry once. */
    private void read() {
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JsonNode message = JSON.readTree(entry.getMessage()).get("message");
            note(message.get("method").asString(), message.get("params"));
        }
        for (LogEntry entry : driver.manage().logs().get(LogType.BROWSER)) {
            console.add(entry.getLevel() + " " + entry.getMessage());
        }
    }

    private void note(String event, JsonNode details) {
        String id = details.path("requestId").asString("");
        switch (event) {
            case "Network.requestWillBeSent" -> {
                JsonNode request = details.get("request");
                requests.put(
                        // a redirect goes on under the same number
                        requests.containsKey(id) ? id + "/" + requests.size() : id,
                        new Request(
                                request.get("method").asString(),
                                request.get("url").asString(),
                                0,
                                0,
                                0));
            }
            case "Network.responseReceived" ->
                requests.computeIfPresent(
                        id,
                        (same, request) ->
                                request.answered(details.at("/response/status").asInt()));
            case "Network.dataReceived" ->
                requests.computeIfPresent(
                        id,
                        (same, request) ->
                                request.received(details.get("dataLength").asLong()));
            case "Network.loadingFinished" ->
                requests.computeIfPresent(
                        id,
                        (same, request) -> request.finished(
                                details.get("encodedDataLength").asLong()));
            default -> {
                // of no interest here
            }
        }
    }
}
