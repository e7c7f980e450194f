package dev.hubbub.checker;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;

/** A stream of server-sent events. What comes in is read by the JDK's threads, the rest is one thread's. */
final class EventLink implements Link {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(WebSocketLink.PATIENCE)
            .build();

    private final Incoming incoming;

    private EventLink(Incoming incoming) {
        this.incoming = incoming;
    }

    /** @param cursor what the last event's id was; null for none */
    static EventLink open(int port, String query, String cursor) throws Lost {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/events?" + query))
                .header("Accept", "text/event-stream");
        if (cursor != null) {
            request.header("Last-Event-ID", cursor);
        }
        Incoming incoming = new Incoming();
        CompletableFuture<HttpResponse<Void>> opening = HTTP.sendAsync(
                request.build(),
                head -> head.statusCode() == 200
                        ? BodySubscribers.fromLineSubscriber(incoming)
                        : refused(incoming, head.statusCode()));
        opening.whenComplete((response, failure) -> {
            if (failure != null) {
                incoming.onError(failure);
            }
        });
        EventLink link = new EventLink(incoming);
        int status;
        try {
            status = incoming.status.get(WebSocketLink.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            link.close();
            throw new Lost(String.valueOf(e));
        }
        if (status != 200) {
            throw new Lost("refused with " + status);
        }
        return link;
    }

    private static HttpResponse.BodySubscriber<Void> refused(Incoming incoming, int status) {
        incoming.status.complete(status);
        return BodySubscribers.discarding();
    }

    @Override
    public Frame next(Duration within) throws Lost {
        return incoming.inbox.next(within);
    }

    @Override
    public void close() {
        incoming.cancel();
    }

    private static final class Incoming implements Flow.Subscriber<String> {
        final Inbox inbox = new Inbox();
        final CompletableFuture<Integer> status = new CompletableFuture<>();
        private String id;
        private String data;
        /** Guarded by this. */
        private Flow.Subscription subscription;

        private boolean cancelled;

        @Override
        public void onSubscribe(Flow.Subscription own) {
            boolean late;
            synchronized (this) {
                subscription = own;
                late = cancelled;
            }
            if (late) {
                own.cancel();
                return;
            }
            status.complete(200);
            own.request(Long.MAX_VALUE);
        }

        void cancel() {
            Flow.Subscription own;
            synchronized (this) {
                cancelled = true;
                own = subscription;
            }
            if (own != null) {
                own.cancel();
            }
        }

        @Override
        public void onNext(String line) {
            if (line.startsWith("id:")) {
                id = line.substring(3).strip();
            } else if (line.startsWith("data:")) {
                data = line.substring(5).strip();
            } else if (line.isEmpty()) {
                if (data != null) {
                    inbox.add(id, data);
                }
                id = null;
                data = null;
            }
        }

        @Override
        public void onError(Throwable failure) {
            status.completeExceptionally(failure instanceof IOException ? failure : new IOException(failure));
            inbox.end();
        }

        @Override
        public void onComplete() {
            inbox.end();
        }
    }
}
