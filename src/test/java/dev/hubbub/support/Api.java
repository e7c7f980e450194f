package dev.hubbub.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Calls a node's HTTP API. */
public final class Api {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private Api() {}

    public record Reply(int status, JsonNode body, HttpResponse<String> response) {
        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    public static Reply get(Node node, String path, String... headers) {
        return call(node, "GET", path, null, headers);
    }

    public static Reply post(Node node, String path, String body, String... headers) {
        return call(node, "POST", path, body, headers);
    }

    public static Reply delete(Node node, String path, String... headers) {
        return call(node, "DELETE", path, null, headers);
    }

    /** The sum of a metric's values, of the lines that hold {@code label}; empty for all. */
    public static long metric(Node node, String name, String label) {
        Reply reply = get(node, "/metrics");
        return (long) reply.response()
                .body()
                .lines()
                .filter(l -> l.matches(name + "[{ ].*") && l.contains(label))
                .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** @param headers names and values in turn; JSON is the content type where none is given */
    public static Reply call(Node node, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(node.http(path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null && !String.join(" ", headers).contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            HttpResponse<String> response = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
            boolean json =
                    response.headers().firstValue("content-type").orElse("").contains("json");
            return new Reply(
                    response.statusCode(),
                    json && !response.body().isEmpty() ? SchemaCheck.json(response.body()) : null,
                    response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
