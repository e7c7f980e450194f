package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What the server says, whichever class encodes it. */
class ServerFramesTest {
    private static final RoomName ROOM = new RoomName("chat:lobby");
    private static final Place PLACE = new Place("Ab_-9", 42);
    private static final long TS = 1_780_000_000_000L;

    private static JsonNode json(Encoded encoded) {
        assertThat(encoded.json()).doesNotContain("\n", "\r");
        return StrictJson.parse(encoded.json());
    }

    /** One of each that the server can say, with {@code text} wherever a text can stand. */
    private static Stream<Encoded> all(String text) {
        String id = text.isEmpty() ? null : text;
        UserId user = new UserId("ann");
        ConnectionId conn = new ConnectionId("c1");
        RawJson raw = RawJson.ofValid("{\"a\" : [1]}");
        Member member = new Member(user, text, raw, TS, 2);
        Member plain = new Member(user, null, Member.NO_STATUS, TS, 0);
        List<Member> members = List.of(member, plain);
        Body body = new Body(raw, text, text, false, raw);
        return Stream.of(
                SessionFrames.opened(
                        new SessionInfo(conn, user, text, text, 25000, 16384, 128, 10, 20, PLACE, text, TS), TS),
                SessionFrames.opened(
                        new SessionInfo(conn, user, null, "n", 25000, 16384, 128, 10, 20, null, null, 0), TS),
                RoomFrames.joinReply(
                        id, new JoinAnswer(ROOM, PLACE, true, 7, new JoinAnswer.PresencePage(3, 2, members))),
                RoomFrames.joinReply(id, new JoinAnswer(ROOM, PLACE, null, 0, null)),
                RoomFrames.joined(new JoinAnswer(ROOM, PLACE, false, 0, null), TS),
                SessionFrames.done("room.leave", id),
                RoomFrames.publishReply(id, ROOM, PLACE, TS),
                RoomFrames.publishReply(id, ROOM, new Place("x", 0), TS),
                SessionFrames.refreshReply(id, TS),
                RoomFrames.published(ROOM, PLACE, TS, body, new Sender(user, conn, text)),
                RoomFrames.published(ROOM, new Place("x", 0), TS, Raw.ephemeral("1"), new Sender(user, conn, null)),
                HistoryFrames.page(id, List.of()),
                HistoryFrames.page(
                        id,
                        List.of("{}".getBytes(StandardCharsets.UTF_8), "{\"a\":1}".getBytes(StandardCharsets.UTF_8))),
                HistoryFrames.complete(id, PLACE, 1, true, true),
                HistoryFrames.complete(id, PLACE, 1, false, false),
                RoomFrames.reset(ROOM, PLACE, "trimmed", TS),
                RoomFrames.skipped(ROOM, "x", 3, 9, TS),
                RoomFrames.removed(ROOM, text, TS),
                SessionFrames.error(id, new Refusal(ErrorCode.UNAVAILABLE, text, 500)),
                SessionFrames.error(id, Refusal.invalid(text)),
                SessionFrames.pong(id, raw),
                SessionFrames.pong(id, null),
                SessionFrames.reconnect(1500, TS),
                SessionFrames.closed(CloseCode.TOO_SLOW, text, TS),
                PresenceFrames.one("joined", ROOM, 3, 2, member, 0, TS),
                PresenceFrames.one("left", ROOM, 4, 1, plain, TS, TS),
                PresenceFrames.changed(ROOM, 1, 4, 2, members, List.of(user, user), members, TS),
                PresenceFrames.changed(ROOM, 1, 4, 2, List.of(), List.of(), List.of(), TS),
                PresenceFrames.reset(ROOM, 9, 3, TS),
                PresenceFrames.list(id, members, 2, 4, user),
                PresenceFrames.list(id, List.of(), 0, 0, null));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().all().ofMaxLength(20),
                Arbitraries.strings()
                        .withChars("\"\\\u0000\n\r\u001f\u007f\u0080\u07ff\u0800\uffff\ud83d\ude00\u2028")
                        .ofMaxLength(8));
    }

    @Property(tries = 500)
    void everyFrameIsJsonOnOneLineWithTypeFirst(@ForAll("texts") String text) {
        all(text).forEach(encoded -> {
            JsonNode json = json(encoded);
            assertThat(json.isObject()).isTrue();
            assertThat(json.fieldNames().next()).isEqualTo("type");
            assertThat(json.path("data").isObject()).isTrue();
        });
    }

    @Property(tries = 2000)
    void aTextComesBackAsItWas(@ForAll("texts") String text) {
        JsonNode error = json(SessionFrames.error(text, Refusal.invalid(text)));
        assertThat(error.path("id").textValue()).isEqualTo(text);
        assertThat(error.path("data").path("message").textValue()).isEqualTo(text);
    }

    @Property(tries = 500)
    void aFrameIsValidUtf8(@ForAll("texts") String text) throws Exception {
        Encoded encoded = SessionFrames.error(text, Refusal.invalid(text));
        int header = TextFrame.headerLength(TextFrame.payloadLength(encoded.bytes(), encoded.offset()));
        String strict = StandardCharsets.UTF_8
                .newDecoder()
                .decode(java.nio.ByteBuffer.wrap(encoded.bytes(), encoded.offset() + header, encoded.length() - header))
                .toString();
        assertThat(strict).isEqualTo(encoded.json());
    }

    @Test
    void controlCharactersAndHalfSurrogatesAreEscaped() {
        Encoded encoded =
                new JsonText(8).string("a\"\\\n\u001f\ud800é\ude00😀\ud83d").frame();
        assertThat(encoded.json()).isEqualTo("\"a\\\"\\\\\\u000a\\u001f\\ud800é\\ude00😀\\ud83d\"");
    }

    @Test
    void aPublishedMessageHasEveryFieldOfTheContract() {
        Body body = new Body(RawJson.ofValid("{\"a\" : 1}"), "said", "c", false, RawJson.ofValid("{\"t\":\",\"}"));
        Encoded encoded = RoomFrames.published(
                ROOM, PLACE, TS, body, new Sender(new UserId("ann"), new ConnectionId("c1"), "Ann"));
        assertThat(encoded.json())
                .isEqualTo("{\"type\":\"room.published\",\"ts\":1780000000000,\"meta\":{\"t\":\",\"},\"data\":"
                        + "{\"room\":\"chat:lobby\",\"epoch\":\"Ab_-9\",\"seq\":42,\"event\":\"said\",\"conflate\":\"c\","
                        + "\"payload\":{\"a\" : 1},\"from\":{\"user\":\"ann\",\"conn\":\"c1\",\"name\":\"Ann\"}}}");
    }

    @Test
    void anEphemeralMessageHasNoSeq() {
        Encoded encoded = RoomFrames.published(
                ROOM,
                new Place("x", 0),
                TS,
                Raw.ephemeral("1"),
                new Sender(new UserId("ann"), new ConnectionId("c"), null));
        assertThat(json(encoded).path("data").has("seq")).isFalse();
    }

    @Property(tries = 1000)
    void aHistoryItemIsTheMessagesDataWithTsAndMeta(@ForAll("objects") String meta, @ForAll("values") String payload) {
        Body body = new Body(RawJson.ofValid(payload), "e", null, false, meta.isEmpty() ? null : RawJson.ofValid(meta));
        Encoded encoded = RoomFrames.published(
                ROOM, PLACE, TS, body, new Sender(new UserId("ann"), new ConnectionId("c1"), null));
        int length = TextFrame.payloadLength(encoded.bytes(), encoded.offset());
        int start = encoded.offset() + encoded.length() - length;
        String item = new String(HistoryFrames.item(encoded.bytes(), start, length), StandardCharsets.UTF_8);
        var expected = (com.fasterxml.jackson.databind.node.ObjectNode)
                json(encoded).path("data").deepCopy();
        expected.put("ts", TS);
        if (!meta.isEmpty()) {
            expected.set("meta", json(encoded).path("meta"));
        }
        assertThat(StrictJson.parse(item)).isEqualTo(expected);
    }

    @Provide
    Arbitrary<String> values() {
        return JsonTexts.value(2);
    }

    @Provide
    Arbitrary<String> objects() {
        return JsonTexts.value(2).filter(v -> v.startsWith("{")).injectDuplicates(0.1);
    }

    @Test
    void aHistoryWithoutMetaHasNone() {
        Encoded encoded = RoomFrames.published(
                ROOM,
                PLACE,
                TS,
                Raw.body("[\",\\\"data\\\":\"]"),
                new Sender(new UserId("a"), new ConnectionId("c"), null));
        int length = TextFrame.payloadLength(encoded.bytes(), encoded.offset());
        String item = new String(
                HistoryFrames.item(encoded.bytes(), encoded.offset() + encoded.length() - length, length),
                StandardCharsets.UTF_8);
        assertThat(item)
                .isEqualTo("{\"ts\":1780000000000,\"room\":\"chat:lobby\",\"epoch\":\"Ab_-9\",\"seq\":42,"
                        + "\"payload\":[\",\\\"data\\\":\"],\"from\":{\"user\":\"a\",\"conn\":\"c\"}}");
    }

    @Test
    void whatHttpAnswersIsJson() {
        Member member = new Member(new UserId("ann"), "A\"n", Member.NO_STATUS, TS, 1);
        assertThat(StrictJson.parse(text(PresenceFrames.items(List.of(member, member), 2, 3, new UserId("b"))))
                        .path("next")
                        .asText())
                .isEqualTo("b");
        JsonNode history = StrictJson.parse(text(HistoryFrames.body(
                List.of("{}".getBytes(StandardCharsets.UTF_8), "{}".getBytes(StandardCharsets.UTF_8)),
                PLACE,
                1,
                true)));
        assertThat(history.path("messages")).hasSize(2);
        assertThat(history.path("truncated").booleanValue()).isTrue();
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
