package dev.hubbub.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Node;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that is told to end (SIGTERM) says so to its clients. */
class ShutdownIT {
    private final HttpClient http = HttpClient.newHttpClient();

    @ParameterizedTest
    @ValueSource(strings = {"jetty", "portable"})
    void everyClientIsToldThatTheServerRestarts(String sink) throws Exception {
        CompletableFuture<Integer> opened = new CompletableFuture<>();
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        try (Node node = Node.start("-Dhubbub.websocket.sink=" + sink)) {
            http.newWebSocketBuilder()
                    .subprotocols("hubbub.v1")
                    .buildAsync(node.ws("/ws"), new WebSocket.Listener() {
                        @Override
                        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                            opened.complete(data.length());
                            return WebSocket.Listener.super.onText(socket, data, last);
                        }

                        @Override
                        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                            closed.complete(code);
                            return null;
                        }

                        @Override
                        public void onError(WebSocket socket, Throwable error) {
                            closed.completeExceptionally(error);
                        }
                    })
                    .join();
            HttpResponse<InputStream> stream = http.send(
                    HttpRequest.newBuilder(node.http("/events?room=test:shutdown"))
                            .build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            BufferedReader events = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8));
            String line = events.readLine();
            while (!line.startsWith("event: room.joined")) {
                line = events.readLine();
            }
            opened.get(10, TimeUnit.SECONDS);
            node.process().destroy();
            assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo(1012);
            assertThat(events.lines().toList())
                    .contains("event: session.closed")
                    .anyMatch(each -> each.startsWith("data:")
                            && each.contains("\"code\":1012")
                            && each.contains("\"reconnect\":true"));
            assertThat(node.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(node.log()).contains("(" + sink + ")");
            assertThat(node.log()).doesNotContain("WARN").doesNotContain("Exception");
        }
    }
}
