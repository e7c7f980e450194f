package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeDecoderTest {
    private static final RoomName LOBBY = new RoomName("chat:lobby");
    private final EnvelopeDecoder decoder = new EnvelopeDecoder(32);

    private Decoded decode(String json) {
        return decoder.decode(json.replace('\'', '"'));
    }

    private ClientMessage valid(String json) {
        assertThat(decode(json)).isInstanceOf(Decoded.Valid.class);
        return ((Decoded.Valid) decode(json)).message();
    }

    private Decoded.Invalid invalid(String json) {
        assertThat(decode(json)).isInstanceOf(Decoded.Invalid.class);
        return (Decoded.Invalid) decode(json);
    }

    private static RawJson raw(String json) {
        return RawJson.ofValid(json.replace('\'', '"'));
    }

    private static String frame(String type, String data) {
        return "{'type':'" + type + "','id':'7','data':" + data + "}";
    }

    private static Body body(String payload) {
        return new Body(raw(payload), null, null, false, null);
    }

    static Stream<Arguments> messages() {
        Place place = new Place("Ab_-9", 42);
        return Stream.of(
                arguments("auth.login", "{'token':'t'}", new ClientMessage.Login("7", "t")),
                arguments("auth.refresh", "{'token':'t'}", new ClientMessage.Refresh("7", "t")),
                arguments("ping", "{}", new ClientMessage.Ping("7", null)),
                arguments("ping", "{'t':123.5}", new ClientMessage.Ping("7", raw("123.5"))),
                arguments("ping", "{'t':null}", new ClientMessage.Ping("7", raw("null"))),
                arguments(
                        "room.join", "{'room':'chat:lobby'}", new ClientMessage.Join("7", LOBBY, null, 0, null, null)),
                arguments(
                        "room.join",
                        "{'room':'chat:lobby','since':{'epoch':'Ab_-9','seq':42},'replay':1000,'presence':'full','status':{'away':true}}",
                        new ClientMessage.Join("7", LOBBY, place, 1000, PresenceMode.FULL, raw("{'away':true}"))),
                arguments(
                        "room.join",
                        "{'room':'chat:lobby','presence':'listen','since':{'seq':0,'epoch':'x'}}",
                        new ClientMessage.Join("7", LOBBY, new Place("x", 0), 0, PresenceMode.LISTEN, null)),
                arguments(
                        "room.join",
                        "{'room':'chat:lobby','presence':'off','replay':0}",
                        new ClientMessage.Join("7", LOBBY, null, 0, PresenceMode.OFF, null)),
                arguments("room.leave", "{'room':'chat:lobby'}", new ClientMessage.Leave("7", LOBBY)),
                arguments(
                        "room.publish",
                        "{'room':'chat:lobby','payload':null}",
                        new ClientMessage.Publish("7", LOBBY, body("null"), null, true)),
                arguments(
                        "room.publish",
                        "{'room':'chat:lobby','payload':[1,{'a':'b'}],'event':'said','key':'k','conflate':'c','ephemeral':false,'echo':false}",
                        new ClientMessage.Publish(
                                "7", LOBBY, new Body(raw("[1,{'a':'b'}]"), "said", "c", false, null), "k", false)),
                arguments(
                        "room.publish",
                        "{'room':'chat:lobby','payload':1,'ephemeral':true,'echo':true}",
                        new ClientMessage.Publish("7", LOBBY, new Body(raw("1"), null, null, true, null), null, true)),
                arguments(
                        "room.history", "{'room':'chat:lobby'}", new ClientMessage.History("7", LOBBY, null, null, 50)),
                arguments(
                        "room.history",
                        "{'room':'chat:lobby','since':{'epoch':'Ab_-9','seq':42},'limit':1000}",
                        new ClientMessage.History("7", LOBBY, place, null, 1000)),
                arguments(
                        "room.history",
                        "{'room':'chat:lobby','before':{'epoch':'Ab_-9','seq':42},'limit':1}",
                        new ClientMessage.History("7", LOBBY, null, place, 1)),
                arguments(
                        "presence.list",
                        "{'room':'chat:lobby'}",
                        new ClientMessage.ListPresence("7", LOBBY, null, 100)),
                arguments(
                        "presence.list",
                        "{'room':'chat:lobby','after':'ann@example.org','limit':5}",
                        new ClientMessage.ListPresence("7", LOBBY, new UserId("ann@example.org"), 5)),
                arguments(
                        "presence.update",
                        "{'room':'chat:lobby','status':{}}",
                        new ClientMessage.UpdatePresence("7", LOBBY, raw("{}"))),
                arguments("cancel", "{'id':'5'}", new ClientMessage.Cancel("7", "5")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("messages")
    void readsEachMessage(String type, String data, ClientMessage expected) {
        assertThat(valid(frame(type, data))).isEqualTo(expected);
        assertThat(expected.type()).isEqualTo(type);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("messages")
    void ignoresUnknownFields(String type, String data, ClientMessage expected) {
        String more = data.equals("{}") ? "{'more':[{}]}" : data.replaceFirst("\\{", "{'more':[{'room':1}],");
        String frame = frame(type, more).replaceFirst("\\{", "{'v':9,'also':{'type':'x'},");
        assertThat(valid(frame)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("messages")
    void ofDuplicatesTheLastWins(String type, String data, ClientMessage expected) {
        String twice = data.equals("{}")
                ? data
                : data.replaceFirst(
                        "\\{",
                        "{'room':'x','payload':false,'token':'no','id':'no','status':3,'t':'no',"
                                + "'echo':1,'since':0,'before':0,'limit':0,'replay':0,'presence':0,'after':0,'key':0,"
                                + "'conflate':0,'event':0,'ephemeral':0,");
        // what only the first spelling has stays wrong, so it is taken out again
        for (String name : new String[] {
            "status",
            "t",
            "echo",
            "since",
            "before",
            "limit",
            "replay",
            "presence",
            "after",
            "key",
            "conflate",
            "event",
            "ephemeral"
        }) {
            if (!data.contains("'" + name + "'")) {
                twice = twice.replaceFirst("'" + name + "':('no'|[0-9]),", "");
            }
        }
        String frame = "{'type':'nope','data':{'room':'other'},'id':'8',"
                + frame(type, twice).substring(1);
        assertThat(valid(frame)).isEqualTo(expected);
    }

    static Stream<Arguments> refusals() {
        String room = "'room':'chat:lobby'";
        String longest = "x".repeat(129);
        return Stream.of(
                arguments("auth.login", "{}", "data.token is missing"),
                arguments("auth.login", "{'token':''}", "data.token must be a string of 1 to 8192 characters"),
                arguments("auth.login", "{'token':7}", "data.token must be a string"),
                arguments("auth.login", "{'token':'" + "t".repeat(8193) + "'}", "data.token must be a string"),
                arguments("auth.refresh", "{'token':null}", "data.token must be a string"),
                arguments("room.join", "{}", "data.room is missing"),
                arguments("room.join", "{'room':7}", "data.room must be a string of 1 to 128 characters"),
                arguments("room.join", "{'room':'" + longest + "'}", "data.room must be a string of 1 to 128"),
                arguments(
                        "room.join", "{'room':'a b'}", "data.room must be parts of [A-Za-z0-9_.@|~-] joined by colons"),
                arguments("room.join", "{'room':'a::b'}", "data.room must be parts"),
                arguments("room.join", "{" + room + ",'since':'x:1'}", "data.since must be {epoch, seq}"),
                arguments("room.join", "{" + room + ",'since':{}}", "data.since.epoch is missing"),
                arguments("room.join", "{" + room + ",'since':{'epoch':'x'}}", "data.since.seq is missing"),
                arguments("room.join", "{" + room + ",'since':{'epoch':'x','seq':'1'}}", "data.since.seq must be"),
                arguments("room.join", "{" + room + ",'since':{'epoch':'x','seq':-1}}", "data.since must be"),
                arguments("room.join", "{" + room + ",'since':{'epoch':'x','seq':1.0}}", "data.since must be"),
                arguments("room.join", "{" + room + ",'since':{'epoch':'x','seq':1e3}}", "data.since must be"),
                arguments(
                        "room.join",
                        "{" + room + ",'since':{'epoch':'x','seq':9007199254740992}}",
                        "data.since must be"),
                arguments("room.join", "{" + room + ",'since':{'epoch':'é','seq':1}}", "data.since must be"),
                arguments(
                        "room.join",
                        "{" + room + ",'since':{'epoch':'12345678901234567','seq':1}}",
                        "data.since.epoch must be a string of 1 to 16 characters"),
                arguments(
                        "room.join", "{" + room + ",'replay':-1}", "data.replay must be a whole number from 0 to 1000"),
                arguments("room.join", "{" + room + ",'replay':1001}", "data.replay must be a whole number"),
                arguments("room.join", "{" + room + ",'replay':'5'}", "data.replay must be a whole number"),
                arguments("room.join", "{" + room + ",'replay':1.5}", "data.replay must be a whole number"),
                arguments("room.join", "{" + room + ",'presence':'loud'}", "data.presence must be full, listen or off"),
                arguments("room.join", "{" + room + ",'presence':true}", "data.presence must be"),
                arguments(
                        "room.join",
                        "{" + room + ",'status':[]}",
                        "data.status must be an object of at most 1024 bytes"),
                arguments(
                        "room.join",
                        "{" + room + ",'status':{'a':'" + "x".repeat(1017) + "'}}",
                        "data.status must be an object of at most 1024 bytes"),
                arguments("room.leave", "{}", "data.room is missing"),
                arguments("room.publish", "{" + room + "}", "data.payload is missing"),
                arguments("room.publish", "{'payload':1}", "data.room is missing"),
                arguments(
                        "room.publish",
                        "{" + room + ",'payload':1,'event':''}",
                        "data.event must be a string of 1 to 128"),
                arguments("room.publish", "{" + room + ",'payload':1,'event':'" + longest + "'}", "data.event must be"),
                arguments(
                        "room.publish", "{" + room + ",'payload':1,'key':5}", "data.key must be a string of 1 to 128"),
                arguments("room.publish", "{" + room + ",'payload':1,'conflate':[]}", "data.conflate must be a string"),
                arguments(
                        "room.publish",
                        "{" + room + ",'payload':1,'ephemeral':1}",
                        "data.ephemeral must be true or false"),
                arguments(
                        "room.publish", "{" + room + ",'payload':1,'echo':'false'}", "data.echo must be true or false"),
                arguments("room.publish", "{" + room + ",'payload':1,'echo':null}", "data.echo must be true or false"),
                arguments(
                        "room.publish",
                        "{" + room + ",'payload':1,'ephemeral':true,'key':'k'}",
                        "data.key does not go with data.ephemeral"),
                arguments(
                        "room.history", "{" + room + ",'limit':0}", "data.limit must be a whole number from 1 to 1000"),
                arguments(
                        "room.history",
                        "{" + room + ",'limit':1001}",
                        "data.limit must be a whole number from 1 to 1000"),
                arguments(
                        "room.history",
                        "{" + room + ",'since':{'epoch':'x','seq':1},'before':{'epoch':'x','seq':9}}",
                        "data.since and data.before do not go together"),
                arguments("room.history", "{" + room + ",'before':7}", "data.before must be {epoch, seq}"),
                arguments("presence.list", "{" + room + ",'after':'a b'}", "data.after must be a user id"),
                arguments("presence.list", "{" + room + ",'after':'" + "u".repeat(121) + "'}", "data.after must be"),
                arguments(
                        "presence.list",
                        "{" + room + ",'limit':1001}",
                        "data.limit must be a whole number from 1 to 1000"),
                arguments("presence.update", "{" + room + "}", "data.status is missing"),
                arguments("presence.update", "{" + room + ",'status':'away'}", "data.status must be an object"),
                arguments("cancel", "{}", "data.id is missing"),
                arguments("cancel", "{'id':7}", "data.id must be a string of 1 to 64 characters"));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("refusals")
    void aRefusalNamesTheField(String type, String data, String message) {
        Decoded.Invalid invalid = invalid(frame(type, data));
        assertThat(invalid.id()).isEqualTo("7");
        assertThat(invalid.refusal().code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(invalid.refusal().message()).startsWith(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "7",
                "'text'",
                "[]",
                "[{'type':'ping'}]",
                "{",
                "}",
                "{]",
                "{'type':'ping'",
                "{'type'",
                "{'type':",
                "{'type' : ",
                "{'type':'ping','data':{'t':",
                "{'type'}",
                "{type:'ping'}",
                "{'type':'ping',}",
                "{'type':'ping'}{}",
                "{'type':'ping'} x",
                "{'type':'ping'},",
                "{'type':'ping' 'id':'1'}",
                "{'type':01}",
                "{'type':'ping','data':{'t':01}}",
                "{'type':'ping','data':{'t':.5}}",
                "{'type':'ping','data':{'t':1.}}",
                "{'type':'ping','data':{'t':+1}}",
                "{'type':'ping','data':{'t':0x1}}",
                "{'type':'ping','data':{'t':NaN}}",
                "{'type':'ping','data':{'t':tru}}",
                "{'type':'ping','data':{'t':True}}",
                "{'type':'ping','data':{'t':'a\u0001'}}",
                "{'type':'ping','data':{'t':'a\n'}}",
                "{'type':'ping','data':{'t':'\\x'}}",
                "{'type':'ping','data':{'t':'\\u12'}}",
                "{'type':'ping','data':{'t':[1,]}}",
                "{'type':'ping','data':{'t':[1}}",
                "\uFEFF{'type':'ping'}",
                "/* c */{'type':'ping'}",
                "{'type':'ping'}//",
                "{'type':'ping'}\u0000",
                "{'type':'ping'}\u00a0"
            })
    void whatIsNoJsonObjectIsRefusedWithoutId(String frame) {
        Decoded.Invalid invalid = invalid(frame);
        assertThat(invalid.id()).isNull();
        assertThat(invalid.refusal().code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(invalid.refusal().message()).isNotBlank().doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'id':'7'}", "{'type':''}", "{'type':7}", "{'type':null}"})
    void aFrameWithoutTypeIsRefused(String frame) {
        assertThat(invalid(frame).refusal().code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
        assertThat(invalid(frame).refusal().message()).startsWith("type ");
    }

    @Test
    void anUnknownTypeIsUnimplementedAndKeepsItsId() {
        Decoded.Invalid invalid = invalid("{'type':'room.dance','id':'x9','data':{}}");
        assertThat(invalid.id()).isEqualTo("x9");
        assertThat(invalid.refusal().code()).isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(invalid.refusal().message()).isEqualTo("unknown type room.dance");
    }

    @Test
    void anUnprintableTypeIsNotRepeated() {
        Decoded.Invalid invalid = invalid("{'type':'a\\nb\\u001b'}");
        assertThat(invalid.refusal().code()).isEqualTo(ErrorCode.UNIMPLEMENTED);
        assertThat(invalid.refusal().message()).isEqualTo("unknown type (not printable)");
    }

    @Test
    void withoutIdThereIsNone() {
        assertThat(valid("{'type':'ping'}")).isEqualTo(new ClientMessage.Ping(null, null));
        assertThat(invalid("{'type':'room.join'}").id()).isNull();
    }

    @Test
    void anIdHasOneTo64Characters() {
        assertThat(valid("{'type':'ping','id':'" + "x".repeat(64) + "'}").id()).hasSize(64);
        assertThat(valid("{'type':'ping','id':'" + "😀".repeat(64) + "'}").id()).hasSize(128);
        for (String wrong : new String[] {"''", "'" + "x".repeat(65) + "'", "7", "null", "{}"}) {
            Decoded.Invalid invalid = invalid("{'type':'ping','id':" + wrong + "}");
            assertThat(invalid.id()).isNull();
            assertThat(invalid.refusal().message()).startsWith("id must be a string of 1 to 64 characters");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "[]", "null", "'x'", "true"})
    void dataIsAnObject(String data) {
        assertThat(invalid(frame("room.join", data)).refusal().message()).isEqualTo("data must be an object");
    }

    @Test
    void metaGoesWithTheBody() {
        String frame = "{'type':'room.publish','meta':{'traceparent':'00-a-b-01'},'data':{'room':'a','payload':1}}";
        assertThat(((ClientMessage.Publish) valid(frame)).body().meta()).isEqualTo(raw("{'traceparent':'00-a-b-01'}"));
    }

    @Test
    void metaIsAnObjectOfAtMostOneKiB() {
        String fits = "{'a':'" + "x".repeat(1024 - 8) + "'}";
        assertThat(valid("{'type':'ping','meta':" + fits + "}")).isInstanceOf(ClientMessage.Ping.class);
        String tooLong = "{'a':'" + "x".repeat(1024 - 7) + "'}";
        String wide = "{'a':'" + "é".repeat(512) + "'}";
        for (String wrong : new String[] {tooLong, wide, "7", "[]", "null"}) {
            assertThat(invalid("{'type':'ping','id':'7','meta':" + wrong + "}")
                            .refusal()
                            .message())
                    .isEqualTo("meta must be an object of at most 1024 bytes");
        }
    }

    /** The envelope is level 1 and data level 2, so a payload of n arrays reaches n + 2. */
    private static String nested(int depth) {
        int arrays = depth - 2;
        return frame("room.publish", "{'room':'a','payload':" + "[".repeat(arrays) + "]".repeat(arrays) + "}");
    }

    @Test
    void nestingOf32IsAcceptedAnd33IsNot() {
        assertThat(valid(nested(32))).isInstanceOf(ClientMessage.Publish.class);
        assertThat(invalid(nested(33)).refusal().message()).isEqualTo("the frame nests deeper than allowed");
    }

    @Test
    void nestingCountsInIgnoredFieldsToo() {
        String deep = "[".repeat(31) + "]".repeat(31);
        assertThat(valid("{'type':'ping','more':" + deep + "}")).isInstanceOf(ClientMessage.Ping.class);
        assertThat(decode("{'type':'ping','more':[" + deep + "]}")).isInstanceOf(Decoded.Invalid.class);
        String objects = "{'a':".repeat(31) + "1" + "}".repeat(31);
        assertThat(valid("{'type':'ping','more':" + objects + "}")).isInstanceOf(ClientMessage.Ping.class);
        assertThat(decode("{'type':'ping','more':{'b':" + objects + "}}")).isInstanceOf(Decoded.Invalid.class);
    }

    @Test
    void nestingBesideOneAnotherDoesNotAddUp() {
        String many = "[" + "[[]],".repeat(100) + "{'a':{}}]";
        assertThat(valid(frame("room.publish", "{'room':'a','payload':" + many + "}")))
                .isInstanceOf(ClientMessage.Publish.class);
    }

    @Test
    void hugeNestingIsRefusedAtItsFirstLevelTooMuch() {
        assertThat(decode("[".repeat(100_000))).isInstanceOf(Decoded.Invalid.class);
        assertThat(decode("{'a':".repeat(100_000))).isInstanceOf(Decoded.Invalid.class);
    }

    @Test
    void theDepthAllowedIsTheConstructors() {
        EnvelopeDecoder shallow = new EnvelopeDecoder(4);
        String four = "{\"type\":\"ping\",\"data\":{\"t\":[[]]}}";
        assertThat(shallow.decode(four)).isInstanceOf(Decoded.Valid.class);
        assertThat(shallow.decode(four.replace("[]", "[[]]"))).isInstanceOf(Decoded.Invalid.class);
    }

    @Test
    void escapedNamesAndTypesAreUnderstood() {
        assertThat(decoder.decode("{\"\\u0074ype\":\"p\\u0069ng\",\"\\u0069d\":\"\\u0037\"}"))
                .isEqualTo(new Decoded.Valid(new ClientMessage.Ping("7", null)));
    }

    @Test
    void lineBreaksOfAPayloadBecomeSpaces() {
        var publish = (ClientMessage.Publish)
                valid(frame("room.publish", "{'room':'a','payload':{\r\n'a' :\n\t[1 ,\r2]\n}}"));
        assertThat(publish.body().payload().toString()).isEqualTo("{  \"a\" : \t[1 , 2] }");
    }
}
