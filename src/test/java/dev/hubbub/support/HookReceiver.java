package dev.hubbub.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A webhook's other end on a loopback port, which keeps what it is sent. Thread-safe. */
public final class HookReceiver implements AutoCloseable {
    /** What it was sent, and what it answered. */
    public record Delivery(String id, String signature, String body, int answer) {
        public JsonNode json() {
            return StrictJson.parse(body);
        }
    }

    /** @param header of the answer, as {@code Name: value}; empty for none */
    private record Answer(int status, String header) {}

    private final HttpServer server;
    private final List<Delivery> deliveries = Collections.synchronizedList(new ArrayList<>());
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private volatile boolean silent;
    private volatile boolean endless;

    private HookReceiver(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "hook-receiver");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
    }

    public static HookReceiver start() {
        return new HookReceiver(0);
    }

    public static HookReceiver startOn(int port) {
        return new HookReceiver(port);
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        Answer next = answers.poll();
        Answer answer = next == null ? new Answer(200, "") : next;
        deliveries.add(new Delivery(
                exchange.getRequestHeaders().getFirst("Hubbub-Delivery"),
                exchange.getRequestHeaders().getFirst("Hubbub-Signature"),
                body,
                answer.status()));
        if (silent) {
            return;
        }
        if (endless) {
            exchange.sendResponseHeaders(answer.status(), 0);
            exchange.getResponseBody().write('.');
            exchange.getResponseBody().flush();
            return;
        }
        if (!answer.header().isEmpty()) {
            int colon = answer.header().indexOf(':');
            exchange.getResponseHeaders()
                    .set(
                            answer.header().substring(0, colon),
                            answer.header().substring(colon + 1).trim());
        }
        exchange.sendResponseHeaders(answer.status(), -1);
        exchange.close();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    public String url() {
        return "http://127.0.0.1:" + port() + "/hook";
    }

    /** The next requests are answered so; after them all with 200. */
    public HookReceiver answer(int... statuses) {
        for (int status : statuses) {
            answers.add(new Answer(status, ""));
        }
        return this;
    }

    public void answer(int status, String header) {
        answers.add(new Answer(status, header));
    }

    /** From now on no request is answered, or all are again. */
    public void silent(boolean is) {
        silent = is;
    }

    /** From now on answers begin and do not end, or all do again. */
    public void endless(boolean is) {
        endless = is;
    }

    public List<Delivery> deliveries() {
        synchronized (deliveries) {
            return List.copyOf(deliveries);
        }
    }

    /** The events that it took, in the order in which they came, repeats too. */
    public List<JsonNode> events() {
        List<JsonNode> events = new ArrayList<>();
        for (Delivery delivery : deliveries()) {
            if (delivery.answer() == 200) {
                delivery.json().get("events").forEach(events::add);
            }
        }
        return events;
    }

    /** Whether a delivery is signed with a secret, as docs/webhooks.md says how to see. */
    public static boolean isSigned(Delivery delivery, String secret) {
        try {
            String time = delivery.signature().replaceFirst("t=([0-9]+),v1=.*", "$1");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] hash = mac.doFinal((time + "." + delivery.body()).getBytes(StandardCharsets.UTF_8));
            return delivery.signature()
                    .equals("t=" + time + ",v1=" + HexFormat.of().formatHex(hash));
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
