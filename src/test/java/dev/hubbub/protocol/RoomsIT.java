package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rooms over WebSocket: join, resume, publish, leave, history, and the user's own room. */
class RoomsIT {
    private static final String QUIET = ",\"presence\":\"off\"";
    private final Node node = Nodes.shared();

    private static String in(String room) {
        return "{\"room\":\"" + room + "\"}";
    }

    private static String since(String epoch, long seq) {
        return ",\"since\":{\"epoch\":\"" + epoch + "\",\"seq\":" + seq + "}";
    }

    private static void publish(RawWebSocket socket, String room, int from, int to) {
        for (int i = from; i <= to; i++) {
            assertThat(socket.publish(room, Integer.toString(i)).get("seq").asInt())
                    .isEqualTo(i);
        }
    }

    private static void expect(RawWebSocket socket, String room, int from, int to) {
        for (int i = from; i <= to; i++) {
            JsonNode message = socket.message(room);
            assertThat(message.get("seq").asInt()).isEqualTo(i);
            assertThat(message.get("payload").asInt()).isEqualTo(i);
        }
    }

    @Test
    void joinPublishReceive() {
        String room = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            JsonNode joined = ann.join(room);
            assertThat(joined.get("room").asText()).isEqualTo(room);
            assertThat(joined.get("seq").asInt()).isZero();
            assertThat(joined.get("replayed").asInt()).isZero();
            assertThat(joined.has("recovered")).isFalse();
            JsonNode reply = bob.publish(room, "{\"text\":\"hi\"}", ",\"event\":\"chat.said\"");
            JsonNode frame = ann.next("room.published");
            JsonNode message = frame.get("data");
            assertThat(reply.get("epoch")).isEqualTo(joined.get("epoch")).isEqualTo(message.get("epoch"));
            assertThat(message.get("seq").asInt())
                    .isEqualTo(1)
                    .isEqualTo(reply.get("seq").asInt());
            assertThat(frame.get("ts")).isEqualTo(reply.get("ts"));
            assertThat(message.get("event").asText()).isEqualTo("chat.said");
            assertThat(message.at("/payload/text").asText()).isEqualTo("hi");
            assertThat(message.at("/from/user").asText()).isEqualTo(bob.user());
            assertThat(message.at("/from/conn").asText()).isEqualTo(bob.conn());
            assertThat(message.has("conflate")).isFalse();
            // who is not in the room hears nothing of it
            bob.barrier();
            assertThat(bob.pending()).isEmpty();
        }
    }

    @Test
    void newestAreReplayedBeforeTheLiveOnes() {
        String room = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            publish(ann, room, 1, 5);
            assertThat(bob.join(room, QUIET + ",\"replay\":3").get("replayed").asInt())
                    .isEqualTo(3);
            publish(ann, room, 6, 7);
            expect(bob, room, 3, 7);
        }
        try (RawWebSocket cyd = RawWebSocket.open(node)) {
            assertThat(cyd.join(room, QUIET + ",\"replay\":1000")
                            .get("replayed")
                            .asInt())
                    .isEqualTo(7);
            expect(cyd, room, 1, 7);
        }
    }

    @Test
    void sinceResumesWithoutHoleOrRepeatAndWinsOverReplay() {
        String room = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            publish(ann, room, 1, 10);
            String epoch = ann.join(room, QUIET).get("epoch").asText();
            JsonNode joined = bob.join(room, QUIET + since(epoch, 4) + ",\"replay\":1");
            assertThat(joined.get("recovered").asBoolean()).isTrue();
            assertThat(joined.get("replayed").asInt()).isEqualTo(6);
            assertThat(joined.get("seq").asInt()).isEqualTo(10);
            publish(ann, room, 11, 12);
            expect(bob, room, 5, 12);
            JsonNode upToDate = bob.join(room, since(epoch, 12));
            assertThat(upToDate.get("recovered").asBoolean()).isTrue();
            assertThat(upToDate.get("replayed").asInt()).isZero();
            // joining again rewinds: the next message is the first after the new place
            assertThat(bob.join(room, since(epoch, 0)).get("replayed").asInt()).isEqualTo(12);
            expect(bob, room, 1, 12);
            assertThat(bob.join(room, ",\"replay\":2").get("replayed").asInt()).isEqualTo(2);
            expect(bob, room, 11, 12);
            // without a place it stays where it is
            bob.join(room);
            publish(ann, room, 13, 13);
            expect(bob, room, 13, 13);
        }
    }

    @Test
    void aPlaceThatWasTrimmedIsReset() {
        String room = Nodes.room("small");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            publish(ann, room, 1, 30);
            String epoch = ann.join(room, QUIET).get("epoch").asText();
            assertThat(bob.join(room, QUIET + since(epoch, 20)).get("recovered").asBoolean())
                    .isTrue();
            expect(bob, room, 21, 30);
            assertThat(bob.join(room, ",\"replay\":1000").get("replayed").asInt())
                    .isEqualTo(10);
            expect(bob, room, 21, 30);
            assertReset(bob, room, since(epoch, 19), "trimmed", epoch, 30);
            publish(ann, room, 31, 31);
            expect(bob, room, 31, 31);
        }
    }

    @Test
    void aPlaceOfAnotherEpochOrAheadOfTheLogIsReset() {
        String room = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            publish(ann, room, 1, 3);
            String epoch = ann.join(room, QUIET).get("epoch").asText();
            assertReset(bob, room, since("other", 2), "epoch", epoch, 3);
            assertReset(bob, room, since(epoch, 4), "ahead", epoch, 3);
            publish(ann, room, 4, 4);
            expect(bob, room, 4, 4);
        }
    }

    private static void assertReset(
            RawWebSocket socket, String room, String since, String reason, String epoch, int seq) {
        JsonNode joined = socket.join(room, QUIET + since);
        assertThat(joined.get("recovered").asBoolean()).isFalse();
        assertThat(joined.get("replayed").asInt()).isZero();
        JsonNode reset = socket.next();
        assertThat(reset.get("type").asText()).isEqualTo("room.reset");
        assertThat(reset.at("/data/reason").asText()).isEqualTo(reason);
        assertThat(reset.at("/data/epoch").asText()).isEqualTo(epoch);
        assertThat(reset.at("/data/seq").asInt()).isEqualTo(seq);
    }

    @Test
    void nothingOfARoomFollowsTheReplyToLeave() {
        String room = Nodes.room("chat");
        String other = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            bob.join(room);
            bob.join(other, QUIET);
            publish(ann, room, 1, 20);
            assertThat(bob.ok("room.leave", in(room)).isEmpty()).isTrue();
            int before = bob.pending().size();
            publish(ann, room, 21, 25);
            publish(ann, other, 1, 1);
            expect(bob, other, 1, 1);
            assertThat(bob.pending()).hasSize(before);
            // leaving twice, or what one was never in, succeeds
            bob.ok("room.leave", in(room));
            bob.ok("room.leave", in(Nodes.room("chat")));
        }
    }

    @Test
    void echoFalseIsSentToAllOthersAndThePlaceMovesPastIt() {
        String room = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket tab = ann.another(node)) {
            ann.join(room, QUIET);
            tab.join(room, QUIET);
            ann.publish(room, "1", ",\"echo\":false");
            ann.publish(room, "2", ",\"echo\":true");
            ann.publish(room, "3", ",\"echo\":false");
            ann.publish(room, "4");
            expect(tab, room, 1, 4);
            assertThat(ann.message(room).get("seq").asInt()).isEqualTo(2);
            assertThat(ann.message(room).get("seq").asInt()).isEqualTo(4);
            // ephemeral ones too
            ann.publish(room, "5", ",\"echo\":false,\"ephemeral\":true");
            ann.publish(room, "5");
            assertThat(tab.message(room).has("seq")).isFalse();
            assertThat(ann.message(room).get("seq").asInt()).isEqualTo(5);
        }
    }

    @Test
    void ephemeralMessagesAreNotKept() {
        String room = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            bob.join(room, QUIET);
            for (int i = 1; i <= 20; i++) {
                assertThat(ann.publish(room, Integer.toString(i), ",\"ephemeral\":true")
                                .has("seq"))
                        .isFalse();
            }
            publish(ann, room, 1, 1);
            List<Integer> ephemeral = new ArrayList<>();
            while (ephemeral.size() < 20) {
                JsonNode message = bob.next(
                                f -> f.get("type").asText().equals("room.published")
                                        && !f.get("data").has("seq"),
                                "ephemeral message")
                        .get("data");
                ephemeral.add(message.get("payload").asInt());
            }
            assertThat(ephemeral).isSorted().doesNotHaveDuplicates();
            expect(bob, room, 1, 1);
            String id = bob.ask("room.history", in(room));
            assertThat(bob.answer(id).at("/data/messages")).hasSize(1);
        }
    }

    @Test
    void keyMakesARepeatHarmless() {
        String room = Nodes.room("chat");
        String anon;
        JsonNode first;
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            anon = ann.anon();
            first = ann.publish(room, "{\"a\":1}", ",\"key\":\"k1\"");
            assertThat(ann.publish(room, "{\"a\":1}", ",\"key\":\"k1\"")).isEqualTo(first);
            JsonNode error =
                    ann.fails("room.publish", "{\"room\":\"" + room + "\",\"payload\":{\"a\":2},\"key\":\"k1\"}");
            assertThat(error.get("code").asText()).isEqualTo("FAILED_PRECONDITION");
            // payloads are compared as text
            assertThat(ann.fails("room.publish", "{\"room\":\"" + room + "\",\"payload\":{\"a\": 1},\"key\":\"k1\"}")
                            .get("code")
                            .asText())
                    .isEqualTo("FAILED_PRECONDITION");
            // the key belongs to the room
            assertThat(ann.publish(Nodes.room("chat"), "{\"a\":2}", ",\"key\":\"k1\"")
                            .get("seq")
                            .asInt())
                    .isEqualTo(1);
        }
        try (RawWebSocket again = RawWebSocket.open(node, "/ws?anon=" + anon);
                RawWebSocket other = RawWebSocket.open(node)) {
            assertThat(again.publish(room, "{\"a\":1}", ",\"key\":\"k1\"")).isEqualTo(first);
            // and to the user
            assertThat(other.publish(room, "{\"a\":2}", ",\"key\":\"k1\"")
                            .get("seq")
                            .asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void conflateIsToldToTheReceivers() {
        String room = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.join(room, QUIET);
            ann.publish(room, "1", ",\"conflate\":\"price:EURUSD\"");
            assertThat(ann.message(room).get("conflate").asText()).isEqualTo("price:EURUSD");
        }
    }

    @Test
    void membershipIsNotNeededButPermissionIs() {
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            ann.publish(Nodes.room("chat"), "1");
            String denied = "PERMISSION_DENIED";
            String mute = Nodes.room("mute");
            ann.join(mute);
            assertThat(ann.fails("room.publish", "{\"room\":\"" + mute + "\",\"payload\":1}")
                            .get("code")
                            .asText())
                    .isEqualTo(denied);
            String closed = Nodes.room("closed");
            for (String type : new String[] {"room.join", "room.history", "presence.list"}) {
                assertThat(ann.fails(type, in(closed)).get("code").asText())
                        .as(type)
                        .isEqualTo(denied);
            }
        }
    }

    @Test
    void longestRoomNamesAndAllCharacters() {
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            for (String room : new String[] {"r".repeat(128), "A-z_0.9@b|c~d:e:f", "x"}) {
                ann.join(room, QUIET);
                ann.publish(room, "1");
                ann.message(room);
            }
            assertThat(ann.fails("room.join", in("r".repeat(129))).get("code").asText())
                    .isEqualTo("INVALID_ARGUMENT");
        }
    }

    // history

    private static List<JsonNode> history(RawWebSocket socket, String data) {
        String id = socket.ask("room.history", data);
        List<JsonNode> answers = new ArrayList<>();
        do {
            answers.add(socket.answer(id));
        } while (!answers.get(answers.size() - 1).get("type").asText().equals("room.history.complete"));
        return answers;
    }

    private static List<Integer> seqs(List<JsonNode> answers) {
        List<Integer> seqs = new ArrayList<>();
        for (JsonNode answer : answers.subList(0, answers.size() - 1)) {
            assertThat(answer.get("type").asText()).isEqualTo("room.history.reply");
            answer.at("/data/messages").forEach(m -> seqs.add(m.get("seq").asInt()));
        }
        return seqs;
    }

    private static List<Integer> range(int from, int to) {
        List<Integer> range = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            range.add(i);
        }
        return range;
    }

    private static JsonNode last(List<JsonNode> answers) {
        return answers.get(answers.size() - 1).get("data");
    }

    @Test
    void historyIsAStreamOfPages() {
        String room = Nodes.room("chat");
        String in = "{\"room\":\"" + room + "\"";
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            assertThat(last(history(ann, in + "}")).get("first").asInt()).isEqualTo(1);
            publish(ann, room, 1, 700);
            String epoch = ann.publish(room, "701").get("epoch").asText();
            List<JsonNode> newest = history(ann, in + "}");
            assertThat(seqs(newest)).isEqualTo(range(652, 701));
            assertThat(last(newest).toString())
                    .isEqualTo("{\"epoch\":\"" + epoch + "\",\"seq\":701,\"first\":1,\"truncated\":false}");
            List<JsonNode> all = history(ann, in + ",\"limit\":1000}");
            assertThat(all.size()).isGreaterThan(3);
            assertThat(seqs(all)).isEqualTo(range(1, 701));
            assertThat(seqs(history(ann, in + since(epoch, 10) + ",\"limit\":5}")))
                    .isEqualTo(range(11, 15));
            assertThat(seqs(history(ann, in + since(epoch, 690) + "}"))).isEqualTo(range(691, 701));
            assertThat(seqs(history(ann, in + since(epoch, 701) + "}"))).isEmpty();
            assertThat(seqs(history(ann, in + since(epoch, 5000) + "}"))).isEmpty();
            String before = ",\"before\":{\"epoch\":\"" + epoch + "\",\"seq\":";
            assertThat(seqs(history(ann, in + before + "100},\"limit\":10}"))).isEqualTo(range(90, 99));
            assertThat(seqs(history(ann, in + before + "3}}"))).isEqualTo(range(1, 2));
            assertThat(seqs(history(ann, in + before + "1}}"))).isEmpty();
            assertThat(last(history(ann, in + before + "1}}")).get("truncated").asBoolean())
                    .isFalse();
            assertThat(ann.fails("room.history", in + since("other", 1) + "}")
                            .get("code")
                            .asText())
                    .isEqualTo("OUT_OF_RANGE");
        }
    }

    @Test
    void historySaysWhatWasTrimmed() {
        String room = Nodes.room("small");
        String in = "{\"room\":\"" + room + "\"";
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            publish(ann, room, 1, 100);
            String epoch = ann.join(room, QUIET).get("epoch").asText();
            List<JsonNode> since = history(ann, in + since(epoch, 50) + "}");
            assertThat(seqs(since)).isEqualTo(range(91, 100));
            assertThat(last(since).get("truncated").asBoolean()).isTrue();
            assertThat(last(since).get("first").asInt()).isEqualTo(91);
            List<JsonNode> kept = history(ann, in + since(epoch, 90) + "}");
            assertThat(seqs(kept)).isEqualTo(range(91, 100));
            assertThat(last(kept).get("truncated").asBoolean()).isFalse();
            String before = ",\"before\":{\"epoch\":\"" + epoch + "\",\"seq\":";
            List<JsonNode> partly = history(ann, in + before + "95},\"limit\":10}");
            assertThat(seqs(partly)).isEqualTo(range(91, 94));
            assertThat(last(partly).get("truncated").asBoolean()).isTrue();
        }
    }

    @Test
    void historyOfARoomThatKeepsNothing() {
        String room = Nodes.room("none");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            bob.join(room, QUIET);
            publish(ann, room, 1, 5);
            expect(bob, room, 1, 5);
            List<JsonNode> answers = history(ann, in(room));
            assertThat(seqs(answers)).isEmpty();
            assertThat(last(answers).get("seq").asInt()).isEqualTo(5);
            assertThat(last(answers).get("first").asInt()).isEqualTo(6);
        }
    }

    @Test
    void cancelEndsAStreamEarlyAndItIsStillComplete() {
        String room = Nodes.room("chat");
        String text = "\"" + "x".repeat(8000) + "\"";
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.openNarrow(node)) {
            for (int i = 0; i < 900; i++) {
                ann.publish(room, text);
            }
            String id = bob.ask("room.history", "{\"room\":\"" + room + "\",\"limit\":1000}");
            bob.answer(id);
            // the second with the same id is refused, while the first is open
            bob.send("{\"type\":\"room.history\",\"id\":\"" + id + "\",\"data\":{\"room\":\"" + room + "\"}}");
            bob.tell("cancel", "{\"id\":\"" + id + "\"}");
            bob.tell("cancel", "{\"id\":\"no such\"}");
            int pages = 1;
            JsonNode answer = bob.answer(id);
            boolean refused = false;
            while (!answer.get("type").asText().equals("room.history.complete")) {
                if (answer.get("type").asText().equals("error")) {
                    assertThat(answer.at("/data/code").asText()).isEqualTo("ALREADY_EXISTS");
                    refused = true;
                } else {
                    pages++;
                }
                answer = bob.answer(id);
            }
            assertThat(refused).isTrue();
            assertThat(answer.at("/data/cancelled").asBoolean()).isTrue();
            assertThat(pages).isLessThan(225); // a page is at most 5 of these
            bob.barrier();
            assertThat(bob.pending()).isEmpty();
        }
    }

    @Test
    void onlySoManyStreamsAtOnce() {
        String room = Nodes.room("chat");
        String text = "\"" + "x".repeat(8000) + "\"";
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.openNarrow(node)) {
            for (int i = 0; i < 900; i++) {
                ann.publish(room, text);
            }
            for (int i = 0; i < 9; i++) {
                bob.ask("room.history", "{\"room\":\"" + room + "\",\"limit\":1000}");
            }
            assertThat(bob.answer("q9").at("/data/code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
            for (int i = 1; i <= 8; i++) {
                String id = "q" + i;
                bob.tell("cancel", "{\"id\":\"" + id + "\"}");
            }
            for (int i = 1; i <= 8; i++) {
                String id = "q" + i;
                bob.next(
                        f -> f.path("id").asText().equals(id)
                                && f.get("type").asText().endsWith(".complete"),
                        "complete of " + id);
            }
        }
    }

    // the user's own room

    @Test
    void everyConnectionIsInItsUsersRoom() {
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket tab = ann.another(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            String own = "user:" + ann.user();
            Api.Reply reply = Api.post(node, "/api/v1/users/" + ann.user() + "/messages", "{\"payload\":\"hi\"}");
            assertThat(reply.status()).isEqualTo(201);
            assertThat(reply.body().get("room").asText()).isEqualTo(own);
            assertThat(ann.message(own).get("payload").asText()).isEqualTo("hi");
            assertThat(tab.message(own).at("/from/conn").asText()).isEqualTo("http");
            tab.publish(own, "\"from the other tab\"");
            assertThat(ann.message(own).get("seq").asInt()).isEqualTo(2);
            for (String type : new String[] {"room.join", "room.history"}) {
                assertThat(bob.fails(type, in(own)).get("code").asText()).isEqualTo("PERMISSION_DENIED");
            }
            assertThat(bob.fails("room.publish", "{\"room\":\"" + own + "\",\"payload\":1}")
                            .get("code")
                            .asText())
                    .isEqualTo("PERMISSION_DENIED");
            assertThat(ann.fails("room.leave", in(own)).get("code").asText()).isEqualTo("FAILED_PRECONDITION");
            assertThat(ann.fails("presence.list", in(own)).get("code").asText()).isEqualTo("FAILED_PRECONDITION");
        }
    }

    @Test
    void ownRoomIsRewoundByJoining() {
        try (RawWebSocket ann = RawWebSocket.open(node)) {
            String own = "user:" + ann.user();
            publish(ann, own, 1, 3);
            try (RawWebSocket again = ann.another(node)) {
                assertThat(again.opened().at("/userRoom/seq").asInt()).isEqualTo(3);
                JsonNode joined = again.join(
                        own, since(again.opened().at("/userRoom/epoch").asText(), 1));
                assertThat(joined.get("recovered").asBoolean()).isTrue();
                assertThat(joined.has("members")).isFalse();
                expect(again, own, 2, 3);
            }
        }
    }

    // what the server does to a member

    @Test
    void kickedUserIsToldAndHearsNothingMore() {
        String room = Nodes.room("chat");
        String other = Nodes.room("chat");
        try (RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket tab = ann.another(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            ann.join(room);
            tab.join(room);
            bob.join(room);
            ann.join(other, QUIET);
            assertThat(Api.delete(node, "/api/v1/rooms/" + room + "/members/" + ann.user())
                            .status())
                    .isEqualTo(204);
            for (RawWebSocket kicked : List.of(ann, tab)) {
                JsonNode removed = kicked.next("room.removed").get("data");
                assertThat(removed.get("room").asText()).isEqualTo(room);
                assertThat(removed.get("reason").asText()).isEqualTo("kicked");
            }
            // at once, once
            assertThat(bob.next("presence.left").at("/data/member/user").asText())
                    .isEqualTo(ann.user());
            publish(bob, room, 1, 1);
            publish(bob, other, 1, 1);
            expect(ann, other, 1, 1);
            assertThat(ann.pending()).noneMatch(f -> f.get("type").asText().equals("room.published"));
        }
    }
}
