package dev.hubbub.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** A backend that uses the HTTP API; in development mode it needs no key. */
public record Backend(Node node, HttpClient http) {
    public Backend(Node node) {
        this(node, HttpClient.newHttpClient());
    }

    /** Publishes a payload, which is any JSON. */
    public String publish(String room, String payload) {
        return call("POST", "/api/v1/rooms/" + room + "/messages", "{\"payload\":" + payload + "}");
    }

    /** Closes all of a user's connections, with 4003. */
    public String disconnect(String user) {
        return call("POST", "/api/v1/users/" + user + "/disconnect", "");
    }

    /** Closes one connection, with 4003. */
    public String close(String connection) {
        return call("DELETE", "/api/v1/connections/" + connection, "");
    }

    public String get(String path) {
        return call("GET", path, "");
    }

    public String call(String method, String path, String body) {
        URI uri = node.http(path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode())
                    .as("%s %s: %s", method, uri, response.body())
                    .isBetween(200, 299);
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
