package dev.hubbub.token;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** An identity provider that publishes its keys, counts who asks, and can be away or slow. */
final class Provider implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String keys = "";
    private volatile boolean away;
    private volatile CompletableFuture<Boolean> answering = CompletableFuture.completedFuture(true);

    Provider(JWK... keys) {
        publish(keys);
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.createContext("/keys", exchange -> {
            asked.incrementAndGet();
            answering.join();
            byte[] body = this.keys.getBytes(StandardCharsets.UTF_8);
            try (exchange) {
                exchange.sendResponseHeaders(away ? 503 : 200, away ? -1 : body.length);
                if (!away) {
                    exchange.getResponseBody().write(body);
                }
            }
        });
        server.start();
    }

    /** As they are given: with their private parts, where they have any. */
    void publish(JWK... all) {
        keys = new JWKSet(List.of(all)).toString(false);
    }

    void away(boolean is) {
        away = is;
    }

    /** Lets whoever asks wait, until it is released. */
    void hold() {
        answering = new CompletableFuture<>();
    }

    void release() {
        answering.complete(true);
    }

    int asked() {
        return asked.get();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/keys";
    }

    @Override
    public void close() {
        release();
        server.stop(0);
    }
}
