package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Anonymous users are as many as they like: how often they publish counts to their address, of thirty a minute. */
class AnonymousRateIT {
    private static final int A_MINUTE = 30;
    private static final String PAGE = "https://example.com";
    private static final String MESSAGES = "/api/v1/rooms/slow:1/messages";
    private Node node;

    @BeforeEach
    void start() {
        node = Sites.start(
                "-Dhubbub.auth.anonymous=true",
                "-Dhubbub.origins=" + PAGE,
                "-Dhubbub.namespace.slow.publish=anyone",
                "-Dhubbub.namespace.slow.publishes-per-minute=" + A_MINUTE);
    }

    @AfterEach
    void stop() {
        Sites.stop(node);
    }

    private Api.Reply post(String... headers) {
        return Api.post(node, MESSAGES, "{\"payload\":1}", headers);
    }

    /** So many that each minute's have been used up, whatever time has passed. */
    private static int most(long begun) {
        return A_MINUTE + 1 + (int) ((System.nanoTime() - begun) * A_MINUTE / 60_000_000_000L);
    }

    @Test
    void requestsOfNewUsersTakeFromOneBucket() {
        long begun = System.nanoTime();
        int taken = 0;
        Api.Reply reply = post("Origin", PAGE);
        while (reply.status() == 201 && taken < 2 * A_MINUTE) {
            taken++;
            reply = post("Origin", PAGE);
        }
        assertThat(taken).isBetween(A_MINUTE, most(begun));
        assertThat(reply.status()).isEqualTo(429);
        assertThat(reply.body().get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(reply.header("Retry-After")).isNotNull();
        assertThat(post("Authorization", "Bearer " + Issuer.token("ann", "slow:*", "publish"))
                        .status())
                .as("who is known has a bucket")
                .isEqualTo(201);
    }

    @Test
    void connectionsOfNewUsersTakeFromTheSame() {
        long begun = System.nanoTime();
        String ticket = ticket();
        int taken = 0;
        JsonNode answer;
        do {
            taken++;
            String path = switch (taken % 3) {
                case 0 -> "/ws?ticket=" + (taken == 3 ? ticket : ticket());
                case 1 -> "/ws";
                default -> "/ws?auth=message";
            };
            answer = publish(path);
        } while (answer.get("type").asText().equals("room.publish.reply") && taken < 2 * A_MINUTE);
        assertThat(taken - 1).isBetween(A_MINUTE, most(begun));
        assertThat(answer.at("/data/code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(post("Origin", PAGE).status()).isEqualTo(429);
        try (RawWebSocket elsewhere = RawWebSocket.handshakeFrom(node, "127.0.0.9", "/ws", "Origin: " + PAGE)) {
            elsewhere.next("session.opened");
            elsewhere.publish("slow:1", "1");
        }
    }

    private String ticket() {
        Api.Reply reply = Api.post(node, "/api/v1/tickets", "", "Origin", PAGE);
        assertThat(reply.status()).isEqualTo(200);
        return Sites.secret(reply.body().get("ticket").asText());
    }

    /** As a user who was not there before. */
    private JsonNode publish(String path) {
        String[] page = {"Origin: " + PAGE};
        try (RawWebSocket socket = RawWebSocket.handshake(node, path, page)) {
            if (path.endsWith("auth=message")) {
                try (RawWebSocket first = RawWebSocket.open(node, "/ws", page)) {
                    socket.tell("auth.login", "{\"token\":\"" + Sites.secret(first.anon()) + "\"}");
                }
            }
            socket.next("session.opened");
            socket.ok("auth.refresh", "{\"token\":\"" + anon(socket) + "\"}");
            return socket.request("room.publish", "{\"room\":\"slow:1\",\"payload\":1}");
        }
    }

    private static String anon(RawWebSocket socket) {
        return Sites.secret(socket.all().stream()
                .filter(frame -> frame.path("type").asText().equals("session.opened"))
                .findFirst()
                .orElseThrow()
                .at("/data/anon")
                .asText());
    }
}
