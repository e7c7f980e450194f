package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.EventStream.Event;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** SSE: the form of the stream, cursors over several rooms, keep-alive, and how a stream ends. */
class EventStreamIT {
    private static final String OFF = "&presence=off";
    private final Node node = Nodes.shared();
    private final String a = Nodes.room("chat");
    private final String b = Nodes.room("chat");

    private void post(String room, int number) {
        assertThat(Api.post(node, "/api/v1/rooms/" + room + "/messages", "{\"payload\":" + number + "}")
                        .status())
                .isEqualTo(201);
    }

    private static String roomOf(Event event) {
        return event.content().get("room").asText();
    }

    @Test
    void streamBeginsWithRetrySessionAndRooms() {
        try (EventStream stream = EventStream.open(node, "room=" + a + "&room=" + b)) {
            assertThat(stream.status()).isEqualTo(200);
            assertThat(stream.headers().get("content-type")).startsWith("text/event-stream");
            assertThat(stream.headers()).containsEntry("cache-control", "no-store");
            assertThat(stream.headers()).containsEntry("x-accel-buffering", "no");
            Event retry = stream.next();
            assertThat(Integer.parseInt(retry.retry())).isBetween(1000, 3000);
            Event opened = stream.next();
            assertThat(opened.event()).isEqualTo("session.opened");
            assertThat(opened.id()).isNull();
            assertThat(opened.content().has("userRoom")).isFalse();
            for (String room : List.of(a, b)) {
                Event joined = stream.next("room.joined");
                assertThat(roomOf(joined)).isEqualTo(room);
                assertThat(joined.id()).isNotEmpty();
                assertThat(joined.content().get("replayed").asInt()).isZero();
                assertThat(joined.content().has("members")).isTrue();
            }
            post(a, 1);
            Event message = stream.next("room.published");
            assertThat(message.id()).isNotEmpty();
            assertThat(message.text().strip().lines().map(l -> l.split(":")[0])).containsExactly("id", "event", "data");
        }
    }

    @Test
    void dataIsTheSameTextAsOnWebSocket() {
        try (EventStream stream = EventStream.open(node, "room=" + a + OFF);
                RawWebSocket socket = RawWebSocket.open(node)) {
            stream.next("room.joined");
            socket.join(a, ",\"presence\":\"off\"");
            socket.tell(
                    "room.publish",
                    "{\"room\":\"" + a + "\",\"payload\":{\n \"é\" :\t[1.0, \"\\r\\n\uD83D\uDE00\"]\r}}");
            String text = socket.read(RawWebSocket.PATIENCE).text();
            assertThat(stream.next("room.published").text()).contains("\ndata: " + text + "\n\n");
            // an ephemeral message moves no place
            socket.tell("room.publish", "{\"room\":\"" + a + "\",\"payload\":1,\"ephemeral\":true}");
            assertThat(stream.next("room.published").id()).isNull();
        }
    }

    @Test
    void replayAndWhatIsRefused() {
        for (int i = 1; i <= 5; i++) {
            post(a, i);
        }
        try (EventStream stream = EventStream.open(node, "replay=2&room=" + a + OFF)) {
            assertThat(stream.next("room.joined").content().get("replayed").asInt())
                    .isEqualTo(2);
            assertThat(stream.next("room.published").content().get("seq").asInt())
                    .isEqualTo(4);
            assertThat(stream.next("room.published").content().get("seq").asInt())
                    .isEqualTo(5);
        }
        String many = String.join(
                "&", IntStream.range(0, 33).mapToObj(i -> "room=chat:many" + i).toList());
        for (String query : new String[] {
            "", "room=", "room=a%20b", "room=a&replay=1001", "room=a&replay=x", "room=a&presence=loud", many
        }) {
            try (EventStream stream = EventStream.open(node, query)) {
                assertThat(stream.status()).as(query).isEqualTo(400);
                assertThat(stream.headers().get("content-type")).startsWith("application/problem+json");
                assertThat(stream.problem().get("code").asText()).isEqualTo("INVALID_ARGUMENT");
            }
        }
        for (String forbidden : new String[] {Nodes.room("closed"), "user:somebody"}) {
            try (EventStream stream = EventStream.open(node, "room=" + a + "&room=" + forbidden)) {
                assertThat(stream.status()).as(forbidden).isEqualTo(403);
            }
        }
        try (EventStream stream = EventStream.open(node, "room=" + a, "Authorization: Bearer nonsense")) {
            assertThat(stream.status()).isEqualTo(401);
        }
        try (EventStream stream = EventStream.open(node, "ticket=nonsense&room=" + a)) {
            assertThat(stream.status()).isEqualTo(401);
        }
    }

    @Test
    void onlyGetOpensAStream() {
        for (String method : new String[] {"HEAD", "POST", "PUT", "DELETE"}) {
            Api.Reply reply = Api.call(node, method, "/events?room=" + a, method.equals("HEAD") ? null : "{}");
            assertThat(reply.status()).as(method).isEqualTo(405);
            assertThat(reply.header("allow")).as(method).isEqualTo("GET");
            assertThat(reply.header("content-type")).as(method).isEqualTo("application/problem+json");
        }
        assertThat(Api.get(node, "/api/v1/rooms/" + a).status()).isEqualTo(404);
    }

    @Test
    void bearerTokenSaysWhoAStreamIs() {
        try (RawWebSocket ann = RawWebSocket.open(node);
                EventStream stream = EventStream.open(node, "room=" + a + OFF, "Authorization: Bearer " + ann.anon())) {
            assertThat(stream.next("session.opened").content().get("user").asText())
                    .isEqualTo(ann.user());
        }
    }

    @Test
    void roomThatIsNamedTwiceIsJoinedOnce() {
        try (EventStream stream = EventStream.open(node, "room=" + a + "&room=" + b + "&room=" + a + OFF)) {
            assertThat(roomOf(stream.next("room.joined"))).isEqualTo(a);
            assertThat(roomOf(stream.next("room.joined"))).isEqualTo(b);
            post(a, 1);
            post(b, 1);
            assertThat(roomOf(stream.next())).isEqualTo(a);
            assertThat(roomOf(stream.next())).isEqualTo(b);
        }
    }

    @Test
    void ownRoomOnlyWhenTheUrlNamesIt() {
        try (RawWebSocket ann = RawWebSocket.open(node);
                EventStream stream = EventStream.open(node, "room=user:" + ann.user() + "&anon=" + ann.anon())) {
            assertThat(stream.next("session.opened").content().get("user").asText())
                    .isEqualTo(ann.user());
            stream.next("room.joined");
            ann.publish("user:" + ann.user(), "1");
            assertThat(stream.next("room.published").content().get("payload").asInt())
                    .isEqualTo(1);
            try (EventStream other = EventStream.open(node, "room=" + a + OFF + "&anon=" + ann.anon())) {
                other.next("room.joined");
                ann.publish("user:" + ann.user(), "2");
                post(a, 3);
                assertThat(roomOf(other.next("room.published"))).isEqualTo(a);
            }
        }
    }

    @Test
    void resumeOverSeveralRoomsGivesEverythingOnce() {
        List<String> got = new ArrayList<>();
        String cursor = null;
        int published = 0;
        for (int round = 0; round < 6; round++) {
            // by header and by query in turn; the header counts where there are both
            String query = "room=" + a + "&room=" + b + OFF
                    + (cursor != null && round % 2 == 1 ? "&lastEventId=" + cursor : "&lastEventId=old");
            String[] headers =
                    cursor != null && round % 2 == 0 ? new String[] {"Last-Event-ID: " + cursor} : new String[0];
            if (round == 0) {
                query = "room=" + a + "&room=" + b + OFF;
            }
            try (EventStream stream = EventStream.open(node, query, headers)) {
                for (int i = 0; i < 2; i++) {
                    Event joined = stream.next("room.joined");
                    if (round > 0) {
                        assertThat(joined.content().get("recovered").asBoolean())
                                .isTrue();
                    }
                }
                for (int i = 0; i < 10; i++) {
                    published++;
                    post(i % 3 == 0 ? b : a, published);
                }
                // stop in the middle: what is not read is asked for again
                while (got.size() < round * 10 + 7) {
                    Event event = stream.next("room.published");
                    got.add(roomOf(event) + " " + event.content().get("seq").asLong());
                    cursor = event.id();
                    assertThat(cursor.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(600);
                }
            }
        }
        try (EventStream stream =
                EventStream.open(node, "room=" + a + "&room=" + b + OFF, "Last-Event-ID: " + cursor)) {
            while (got.size() < published) {
                Event event = stream.next("room.published");
                got.add(roomOf(event) + " " + event.content().get("seq").asLong());
            }
        }
        for (String room : List.of(a, b)) {
            List<String> of = got.stream().filter(g -> g.startsWith(room + " ")).toList();
            assertThat(of)
                    .isEqualTo(IntStream.rangeClosed(1, of.size())
                            .mapToObj(i -> room + " " + i)
                            .toList());
        }
        assertThat(got).hasSize(60);
    }

    @Test
    void cursorOfRoomJoinedResumesToo() {
        String cursor;
        try (EventStream stream = EventStream.open(node, "room=" + a + "&room=" + b + OFF)) {
            stream.next("room.joined");
            cursor = stream.next("room.joined").id();
        }
        post(b, 1);
        try (EventStream stream = EventStream.open(node, "room=" + a + "&room=" + b + OFF + "&lastEventId=" + cursor)) {
            assertThat(roomOf(stream.next("room.published"))).isEqualTo(b);
        }
    }

    @Test
    void cursorOfAnotherListIsReset() {
        post(a, 1);
        post(b, 1);
        String cursor;
        try (EventStream stream = EventStream.open(node, "replay=1&room=" + a + "&room=" + b + OFF)) {
            cursor = stream.next("room.published").id();
        }
        int payload = 1;
        for (String other : new String[] {cursor, "nonsense", "a.b.c", cursor + ".0"}) {
            payload++;
            try (EventStream stream =
                    EventStream.open(node, "room=" + b + "&room=" + a + OFF, "Last-Event-ID: " + other)) {
                for (int i = 0; i < 2; i++) {
                    JsonNode joined = stream.next("room.joined").content();
                    assertThat(joined.get("recovered").asBoolean()).isFalse();
                    assertThat(joined.get("replayed").asInt()).isZero();
                }
                for (int i = 0; i < 2; i++) {
                    Event reset = stream.next("room.reset");
                    assertThat(reset.content().get("reason").asText()).isEqualTo("cursor");
                    assertThat(reset.content().get("seq").asInt()).isPositive();
                    assertThat(reset.id()).isNotEmpty();
                }
                post(a, 2);
                assertThat(stream.next("room.published")
                                .content()
                                .get("payload")
                                .asInt())
                        .isEqualTo(2);
            }
            post(b, 2);
            return;
        }
    }

    @Test
    void cursorOf32RoomsIsAtMost600Bytes() {
        String rooms = String.join(
                "&",
                IntStream.range(0, 32)
                        .mapToObj(i -> "room=" + Nodes.room("chat"))
                        .toList());
        try (EventStream stream = EventStream.open(node, rooms + OFF)) {
            Event last = null;
            for (int i = 0; i < 32; i++) {
                last = stream.next("room.joined");
            }
            assertThat(last.id().length()).isLessThanOrEqualTo(600);
        }
    }

    @Test
    void commentComesWhenNothingElseDid() {
        try (EventStream stream = EventStream.open(node, "room=" + a + OFF)) {
            stream.next("room.joined");
            long from = System.nanoTime();
            assertThat(stream.next().comment()).isNotNull();
            assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofMillis(4500));
            post(a, 1); // and an event after it is whole
            assertThat(stream.next("room.published").content().get("seq").asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void clientThatWentAwayIsNoticedWithinAKeepalive() {
        EventStream stream = EventStream.open(node, "room=" + a + OFF);
        String conn = stream.next("session.opened").content().get("conn").asText();
        stream.next("room.joined");
        assertThat(Api.get(node, "/api/v1/connections/" + conn).status()).isEqualTo(200);
        stream.reset();
        Awaitility.await()
                .atMost(Duration.ofSeconds(6))
                .until(() -> Api.get(node, "/api/v1/connections/" + conn).status() == 404);
    }

    @Test
    void finalEndIsToldAndTheNextAttemptGets204() {
        try (EventStream stream = EventStream.open(node, "room=" + a + OFF)) {
            String conn = stream.next("session.opened").content().get("conn").asText();
            stream.next("room.joined");
            assertThat(Api.delete(node, "/api/v1/connections/" + conn).status()).isEqualTo(204);
            Event closed = stream.next("session.closed");
            assertThat(closed.content().get("code").asInt()).isEqualTo(4003);
            assertThat(closed.content().get("reconnect").asBoolean()).isFalse();
            assertThat(closed.id()).isNotEmpty();
            assertThat(stream.ends(Duration.ofSeconds(5))).isTrue();
            try (EventStream again = EventStream.open(node, "room=" + a + OFF, "Last-Event-ID: " + closed.id())) {
                assertThat(again.status()).isEqualTo(204);
            }
        }
    }

    @Test
    void kickedStreamIsTold() {
        try (EventStream stream = EventStream.open(node, "room=" + a)) {
            String user = stream.next("session.opened").content().get("user").asText();
            stream.next("room.joined");
            assertThat(Api.delete(node, "/api/v1/rooms/" + a + "/members/" + user)
                            .status())
                    .isEqualTo(204);
            assertThat(stream.next("room.removed").content().get("reason").asText())
                    .isEqualTo("kicked");
        }
    }

    @Test
    void ticketLetsInOnceAndItsStreamBack() {
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            String ticket = Api.post(node, "/api/v1/tickets", "", "Authorization", "Bearer " + ann.anon())
                    .body()
                    .get("ticket")
                    .asText();
            String query = "ticket=" + ticket + "&room=" + a + OFF;
            try (EventStream stream = EventStream.open(node, query)) {
                assertThat(stream.next("session.opened").content().get("user").asText())
                        .isEqualTo(ann.user());
            }
            try (EventStream twice = EventStream.open(node, query)) {
                assertThat(twice.status()).isEqualTo(401);
            }
            try (EventStream again = EventStream.open(node, query + "&lastEventId=what.was")) {
                assertThat(again.next("session.opened").content().get("user").asText())
                        .isEqualTo(ann.user());
            }
        }
    }
}
