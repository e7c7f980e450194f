package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A node with few places: who is one too many is refused before the upgrade and told when to come again, those who are
 * in notice nothing, and a place that was given back is there again. Clients come from several of this machine's addresses.
 */
class SmallNodeIT {
    private static final Node node = Nodes.small();
    private static final int OF_NODE = 6;
    private static final int OF_ADDRESS = 4;
    private static final int OF_USER = 3;
    private static final int ROOMS = 8;
    private final List<RawWebSocket> open = new ArrayList<>();

    private RawWebSocket open(String address) {
        return open(address, "/ws");
    }

    private RawWebSocket open(String address, String path) {
        RawWebSocket socket = RawWebSocket.openFrom(node, address, path);
        open.add(socket);
        return socket;
    }

    /** The answer to a close comes after the place was given back. */
    @AfterEach
    void giveBack() {
        open.forEach(s -> s.close(1000));
        assertThat(Api.get(node, "/api/v1/nodes")
                        .body()
                        .at("/items/0/connections")
                        .asInt())
                .isZero();
    }

    private static void assertRefused(Map<String, String> headers, JsonNode problem, int status, String code) {
        assertThat(headers.get("content-type")).startsWith("application/problem+json");
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("code").asText()).isEqualTo(code);
        int retryAfterMs = problem.get("retryAfterMs").asInt();
        assertThat(retryAfterMs).isPositive();
        assertThat(Integer.parseInt(headers.get("retry-after"))).isEqualTo((retryAfterMs + 999) / 1000);
    }

    /** Nobody else gets in from this address, whatever they come with. */
    private static void assertClosed(String address, int status, String code) {
        for (String path : new String[] {"/ws", "/ws?auth=message", "/echo"}) {
            try (RawWebSocket socket = RawWebSocket.handshakeFrom(node, address, path, "X-Forwarded-For: 192.0.2.7")) {
                assertThat(socket.status()).as(path).isEqualTo(status);
                assertRefused(socket.headers(), socket.problem(), status, code);
            }
        }
        try (EventStream stream = EventStream.openFrom(node, address, "room=a")) {
            assertThat(stream.status()).isEqualTo(status);
            assertRefused(stream.headers(), stream.problem(), status, code);
        }
    }

    @Test
    void fullNodeIs503AndThoseWhoAreInNoticeNothing() {
        long refused = Api.metric(node, "hubbub_handshakes_refused", "");
        RawWebSocket ann = open("127.0.0.2");
        RawWebSocket bob = open("127.0.0.2");
        open("127.0.0.2");
        open("127.0.0.3");
        RawWebSocket last = open("127.0.0.3");
        try (EventStream stream = EventStream.openFrom(node, "127.0.0.3", "presence=off&room=full")) {
            stream.next("room.joined");
            ann.join("full");
            bob.join("full");
            assertClosed("127.0.0.4", 503, "UNAVAILABLE");
            assertThat(Api.metric(node, "hubbub_handshakes_refused", "")).isEqualTo(refused + 4);
            bob.publish("full", "1");
            assertThat(ann.message("full").get("seq").asInt()).isEqualTo(1);
            assertThat(stream.next("room.published").content().get("seq").asInt())
                    .isEqualTo(1);
            assertThat(Api.post(node, "/api/v1/rooms/full/messages", "{\"payload\":2}")
                            .status())
                    .isEqualTo(201);
            // a connection's end makes room for one, and for one only
            last.close(1000);
            open.remove(last);
            open("127.0.0.4").barrier();
            assertClosed("127.0.0.4", 503, "UNAVAILABLE");
            String conn = stream.events().get(0).content().get("conn").asText();
            assertThat(Api.delete(node, "/api/v1/connections/" + conn).status()).isEqualTo(204);
            assertThat(stream.ends(RawWebSocket.PATIENCE)).isTrue();
        }
        openSoon("127.0.0.4").barrier();
    }

    /** Where the server ended a connection, its client sees the end a moment before the place is given back. */
    private static RawWebSocket handshakeSoon(String address, String path) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> RawWebSocket.handshakeFrom(node, address, path), s -> s.status() == 101);
    }

    private RawWebSocket openSoon(String address) {
        RawWebSocket socket = handshakeSoon(address, "/ws");
        open.add(socket);
        return socket;
    }

    @Test
    void fullAddressIs429WhateverItSaysItsAddressIs() {
        for (int i = 0; i < OF_ADDRESS; i++) {
            open("127.0.0.6");
        }
        assertClosed("127.0.0.6", 429, "RESOURCE_EXHAUSTED");
        open("127.0.0.7").barrier();
        open.remove(0).close(1000);
        open("127.0.0.6").barrier();
        assertClosed("127.0.0.6", 429, "RESOURCE_EXHAUSTED");
    }

    @Test
    void whatWasNeverOpenOrHasEndedTakesNoPlace() {
        for (int i = 0; i <= OF_NODE; i++) {
            try (RawWebSocket echo = RawWebSocket.handshakeFrom(node, "127.0.0.8", "/echo")) {
                assertThat(echo.status()).isEqualTo(101);
                echo.close(1000);
            }
            try (RawWebSocket wrong = RawWebSocket.handshakeFrom(
                    node,
                    "127.0.0.8",
                    "/ws",
                    "Upgrade: none",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 8")) {
                assertThat(wrong.status()).isBetween(400, 426);
            }
            try (RawWebSocket silent = handshakeSoon("127.0.0.8", "/ws?auth=message")) {
                silent.send("nonsense");
                assertThat(silent.end().code()).isEqualTo(4001);
            }
        }
        for (int i = 0; i < OF_ADDRESS; i++) {
            openSoon("127.0.0.8").barrier();
        }
    }

    @Test
    void loginOfAUserWhoHasTooManyConnectionsIs1013() {
        RawWebSocket first = open("127.0.0.9");
        for (int i = 1; i < OF_USER; i++) {
            open("127.0.0.9", "/ws?anon=" + first.anon());
        }
        for (int i = 0; i < OF_NODE; i++) {
            try (RawWebSocket late = handshakeSoon("127.0.0.9", "/ws?auth=message")) {
                JsonNode error = late.fails("auth.login", "{\"token\":\"" + first.anon() + "\"}");
                assertThat(error.get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
                assertThat(error.get("retryAfterMs").asInt()).isPositive();
                assertThat(late.end().code()).isEqualTo(1013);
            }
        }
        // none of these has kept a place
        openSoon("127.0.0.9").barrier();
        open.remove(0).close(1000);
        RawWebSocket again = RawWebSocket.handshakeFrom(node, "127.0.0.9", "/ws?auth=message");
        open.add(again);
        again.ask("auth.login", "{\"token\":\"" + first.anon() + "\"}");
        assertThat(again.next("session.opened").at("/data/user").asText()).isEqualTo(first.user());
    }

    private static String join(int room, String since) {
        return "{\"room\":\"j" + room + "\",\"presence\":\"off\"" + since + "}";
    }

    @Test
    void resumeOfAllRoomsPassesAndOneJoinMoreIsTooFast() {
        RawWebSocket ann = open("127.0.0.10");
        List<String> places = new ArrayList<>();
        for (int room = 0; room < ROOMS; room++) {
            JsonNode reply = ann.publish("j" + room, "1");
            places.add(",\"since\":{\"epoch\":\"" + reply.get("epoch").asText() + "\",\"seq\":0}");
        }
        RawWebSocket back = open("127.0.0.10");
        List<String> ids = new ArrayList<>();
        // all in one go, as a client does that comes back: a bucket that fills once a second holds just these
        for (int room = 0; room < ROOMS + 4; room++) {
            ids.add(back.ask("room.join", join(room % ROOMS, places.get(room % ROOMS))));
        }
        for (int room = 0; room < ROOMS; room++) {
            JsonNode reply = back.answer(ids.get(room)).get("data");
            assertThat(reply.get("recovered").asBoolean()).isTrue();
            assertThat(reply.get("replayed").asInt()).isEqualTo(1);
            assertThat(back.message("j" + room).get("seq").asInt()).isEqualTo(1);
        }
        JsonNode error = back.answer(ids.get(ROOMS + 3));
        assertThat(error.at("/data/code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        assertThat(error.at("/data/retryAfterMs").asInt()).isBetween(1, 1001);
        // other messages have a bucket of their own, and the rooms are joined
        ann.publish("j3", "2");
        assertThat(back.next(
                        f -> f.at("/data/room").asText().equals("j3")
                                && f.at("/data/seq").asInt() == 2,
                        "second message"))
                .isNotNull();
        back.barrier();
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .until(() -> !back.request("room.join", join(0, ""))
                        .get("type")
                        .asText()
                        .equals("error"));
    }
}
