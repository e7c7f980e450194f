package dev.hubbub.checker;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A WebSocket. What comes in is read by the JDK's threads, the rest is one thread's. */
final class WebSocketLink implements Link {
    /** How long a client waits for a node that says nothing. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private final Inbox inbox;
    private final WebSocket socket;

    private WebSocketLink(Inbox inbox, WebSocket socket) {
        this.inbox = inbox;
        this.socket = socket;
    }

    /** @param query empty, or what stands behind the path with its question mark */
    static WebSocketLink open(int port, String query) throws Lost {
        Inbox inbox = new Inbox();
        CompletableFuture<WebSocket> opening = HTTP.newWebSocketBuilder()
                .subprotocols("hubbub.v1")
                .buildAsync(URI.create("ws://127.0.0.1:" + port + "/ws" + query), new Incoming(inbox));
        try {
            return new WebSocketLink(inbox, within(opening));
        } catch (Lost e) {
            // a node that was paused may still take it
            opening.whenComplete((late, failure) -> {
                if (late != null) {
                    late.abort();
                }
            });
            throw e;
        }
    }

    private static <T> T within(CompletableFuture<T> future) throws Lost {
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new Lost(String.valueOf(e.getCause()));
        } catch (TimeoutException e) {
            throw new Lost("no sign of life");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Lost("interrupted");
        }
    }

    void send(String text) throws Lost {
        within(socket.sendText(text, true));
    }

    @Override
    public Frame next(Duration within) throws Lost {
        return inbox.next(within);
    }

    @Override
    public void close() {
        socket.abort();
    }

    private static final class Incoming implements WebSocket.Listener {
        private final Inbox inbox;
        private final StringBuilder text = new StringBuilder();

        Incoming(Inbox inbox) {
            this.inbox = inbox;
        }

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                inbox.add(null, text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            inbox.end();
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            inbox.end();
        }
    }
}
