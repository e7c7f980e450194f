package dev.hubbub.checker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/** A backend's calls. */
final class HttpWay implements Way {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(WebSocketLink.PATIENCE)
            .build();

    private final List<Integer> ports;
    private final Random random;

    HttpWay(List<Integer> ports, Random random) {
        this.ports = ports;
        this.random = random;
    }

    @Override
    public void send(Collection<Outgoing> messages, Answers answers) throws Lost {
        for (Outgoing message : messages) {
            answers.answered(message, post(message));
        }
    }

    private JsonNode post(Outgoing message) throws Lost {
        URI uri = URI.create(
                "http://127.0.0.1:" + Way.any(ports, random) + "/api/v1/rooms/" + message.room + "/messages");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(WebSocketLink.PATIENCE)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", message.payload)
                .POST(HttpRequest.BodyPublishers.ofString("{\"payload\":\"" + message.payload + "\"}"))
                .build();
        try {
            return JSON.readTree(
                    HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new Lost(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Lost("interrupted");
        }
    }

    @Override
    public void close() {}
}
