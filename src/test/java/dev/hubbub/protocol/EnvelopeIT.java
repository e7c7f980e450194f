package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The envelope's rules: what is malformed is told as what, ids are repeated, what is unknown is ignored. */
class EnvelopeIT {
    private final Node node = Nodes.shared();

    private static String nested(int levels) {
        return "[".repeat(levels) + "]".repeat(levels);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "{",
                "[]",
                "null",
                "\"ping\"",
                "{}",
                "{\"type\":\"ping\"}x",
                "{\"type\":\"ping\"}{}",
                "{'type':'ping'}",
                "{\"type\":\"ping\",}",
                "{\"type\":\"ping\",\"data\":{\"t\":01}}",
                "{\"type\":\"ping\",\"data\":{\"t\":NaN}}",
                "{\"type\":\"ping\",\"data\":{\"t\":\"\\x\"}}",
                "{\"type\":\"ping\",\"data\":{\"t\":\"\n\"}}",
                "\uFEFF{\"type\":\"ping\"}",
                "{\"data\":{}}",
                "{\"type\":null}",
                "{\"type\":7}",
                "{\"type\":\"\"}",
                "{\"type\":\"ping\",\"id\":7}",
                "{\"type\":\"ping\",\"id\":null}",
                "{\"type\":\"ping\",\"id\":\"\"}",
                "{\"type\":\"ping\",\"id\":\"12345678901234567890123456789012345678901234567890123456789012345\"}"
            })
    void malformedEnvelopeIsToldWithoutId(String text) {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            JsonNode error = socket.send(text).next();
            assertThat(error.get("type").asText()).isEqualTo("error");
            assertThat(error.at("/data/code").asText()).isEqualTo("INVALID_ARGUMENT");
            assertThat(error.at("/data/message").asText()).isNotEmpty();
            assertThat(error.has("id")).isFalse();
            socket.barrier();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "room.join|{}|data.room",
                "room.join|{\"room\":7}|data.room",
                "room.join|{\"room\":null}|data.room",
                "room.join|{\"room\":\"\"}|data.room",
                "room.join|{\"room\":\"a b\"}|data.room",
                "room.join|{\"room\":\"a:\"}|data.room",
                "room.join|{\"room\":\":a\"}|data.room",
                "room.join|{\"room\":\"a::b\"}|data.room",
                "room.join|{\"room\":\"ä\"}|data.room",
                "room.join|{\"room\":\"a\\n\"}|data.room",
                "room.join|{\"room\":\"a\",\"since\":7}|data.since",
                "room.join|{\"room\":\"a\",\"since\":null}|data.since",
                "room.join|{\"room\":\"a\",\"since\":{}}|data.since",
                "room.join|{\"room\":\"a\",\"since\":{\"epoch\":\"e\"}}|data.since.seq",
                "room.join|{\"room\":\"a\",\"since\":{\"epoch\":\"e\",\"seq\":-1}}|data.since",
                "room.join|{\"room\":\"a\",\"since\":{\"epoch\":\"e\",\"seq\":1.5}}|data.since",
                "room.join|{\"room\":\"a\",\"since\":{\"epoch\":\"e\",\"seq\":1e3}}|data.since",
                "room.join|{\"room\":\"a\",\"since\":{\"epoch\":\"e\",\"seq\":\"1\"}}|data.since",
                "room.join|{\"room\":\"a\",\"since\":{\"epoch\":\"e e\",\"seq\":1}}|data.since",
                "room.join|{\"room\":\"a\",\"since\":{\"epoch\":\"e\",\"seq\":9007199254740992}}|data.since",
                "room.join|{\"room\":\"a\",\"replay\":1001}|data.replay",
                "room.join|{\"room\":\"a\",\"replay\":-1}|data.replay",
                "room.join|{\"room\":\"a\",\"replay\":\"5\"}|data.replay",
                "room.join|{\"room\":\"a\",\"presence\":\"loud\"}|data.presence",
                "room.join|{\"room\":\"a\",\"presence\":true}|data.presence",
                "room.join|{\"room\":\"a\",\"status\":\"away\"}|data.status",
                "room.join|{\"room\":\"a\",\"status\":[]}|data.status",
                "room.leave|{}|data.room",
                "room.publish|{\"payload\":1}|data.room",
                "room.publish|{\"room\":\"a\"}|data.payload",
                "room.publish|{\"room\":\"a\",\"payload\":1,\"event\":7}|data.event",
                "room.publish|{\"room\":\"a\",\"payload\":1,\"event\":\"\"}|data.event",
                "room.publish|{\"room\":\"a\",\"payload\":1,\"key\":\"\"}|data.key",
                "room.publish|{\"room\":\"a\",\"payload\":1,\"key\":null}|data.key",
                "room.publish|{\"room\":\"a\",\"payload\":1,\"conflate\":{}}|data.conflate",
                "room.publish|{\"room\":\"a\",\"payload\":1,\"ephemeral\":1}|data.ephemeral",
                "room.publish|{\"room\":\"a\",\"payload\":1,\"ephemeral\":true,\"key\":\"k\"}|data.key",
                "room.publish|{\"room\":\"a\",\"payload\":1,\"echo\":\"no\"}|data.echo",
                "room.history|{}|data.room",
                "room.history|{\"room\":\"a\",\"limit\":0}|data.limit",
                "room.history|{\"room\":\"a\",\"limit\":1001}|data.limit",
                "room.history|{\"room\":\"a\",\"before\":[]}|data.before",
                "room.history|{\"room\":\"a\",\"since\":{\"epoch\":\"e\",\"seq\":1},"
                        + "\"before\":{\"epoch\":\"e\",\"seq\":1}}|data.since",
                "presence.list|{\"room\":\"a\",\"limit\":1001}|data.limit",
                "presence.list|{\"room\":\"a\",\"after\":\"x y\"}|data.after",
                "presence.update|{\"room\":\"a\"}|data.status",
                "presence.update|{\"room\":\"a\",\"status\":null}|data.status",
                "cancel|{}|data.id",
                "cancel|{\"id\":7}|data.id",
                "auth.refresh|{}|data.token",
                "auth.refresh|{\"token\":7}|data.token"
            })
    void wrongFieldIsNamed(String test) {
        String[] parts = test.split("\\|");
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            JsonNode error = socket.fails(parts[0], parts[1]);
            assertThat(error.get("code").asText()).isEqualTo("INVALID_ARGUMENT");
            assertThat(error.get("message").asText()).contains(parts[2]);
            socket.barrier();
        }
    }

    @Test
    void wrongDataAndMeta() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            String[] envelopes = {
                "{\"id\":\"1\",\"type\":\"ping\",\"data\":[]}",
                "{\"id\":\"1\",\"type\":\"ping\",\"data\":null}",
                "{\"id\":\"1\",\"type\":\"ping\",\"meta\":[]}",
                "{\"id\":\"1\",\"type\":\"ping\",\"meta\":null}",
                "{\"id\":\"1\",\"type\":\"ping\",\"meta\":{\"a\":\"" + "x".repeat(1024) + "\"}}",
                "{\"id\":\"1\",\"type\":\"" + "x".repeat(129) + "\"}"
            };
            for (String envelope : envelopes) {
                assertThat(socket.send(envelope).answer("1").at("/data/code").asText())
                        .as(envelope)
                        .isEqualTo("INVALID_ARGUMENT");
            }
            String largest = "{\"id\":\"2\",\"type\":\"ping\",\"meta\":{\"a\":\"" + "x".repeat(1024 - 8) + "\"}}";
            assertThat(socket.send(largest).answer("2").get("type").asText()).isEqualTo("pong");
        }
    }

    @Test
    void longestIdAndSmallestCounts() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            String id = "\uD83D\uDE00".repeat(64); // counted in code points
            assertThat(socket.send("{\"type\":\"ping\",\"id\":\"" + id + "\"}")
                            .answer(id)
                            .get("type")
                            .asText())
                    .isEqualTo("pong");
            assertThat(socket.send("{\"type\":\"ping\",\"id\":\"" + id + "x\"}")
                            .next()
                            .at("/data/code")
                            .asText())
                    .isEqualTo("INVALID_ARGUMENT");
        }
    }

    @Test
    void nestingEndsAtLevel32() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            // the envelope is level 1, data 2, so 30 more may be within
            assertThat(socket.request("ping", "{\"t\":" + nested(30) + "}")
                            .get("type")
                            .asText())
                    .isEqualTo("pong");
            assertThat(socket.send("{\"type\":\"ping\",\"data\":{\"t\":" + nested(31) + "}}")
                            .next()
                            .at("/data/code")
                            .asText())
                    .isEqualTo("INVALID_ARGUMENT");
            assertThat(socket.send("{\"type\":\"ping\",\"ignored\":" + nested(31) + "}")
                            .next()
                            .get("type")
                            .asText())
                    .isEqualTo("pong");
            assertThat(socket.send("{\"type\":\"ping\",\"ignored\":" + nested(32) + "}")
                            .next()
                            .at("/data/code")
                            .asText())
                    .isEqualTo("INVALID_ARGUMENT");
        }
    }

    @Test
    void unknownFieldsAreIgnoredAndTheLastOfTwoCounts() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            JsonNode pong = socket.send(
                            "{\"x\":[{}],\"id\":\"1\",\"type\":\"room.leave\",\"id\":\"2\",\"type\":\"ping\","
                                    + "\"ts\":\"mine\",\"data\":{\"t\":1,\"u\":{},\"t\":\"two\"},\"meta\":{}}")
                    .answer("2");
            assertThat(pong.get("type").asText()).isEqualTo("pong");
            assertThat(pong.at("/data/t").asText()).isEqualTo("two");
        }
    }

    @Test
    void escapedNamesAreTheSameNames() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            assertThat(socket.send("{\"ty\\u0070e\":\"p\\u0069ng\",\"id\":\"1\"}")
                            .answer("1")
                            .get("type")
                            .asText())
                    .isEqualTo("pong");
        }
    }

    @Test
    void unknownTypeIsUnimplementedAndDoesNotCount() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            for (int i = 0; i < 30; i++) {
                assertThat(socket.fails("room.invent", "{}").get("code").asText())
                        .isEqualTo("UNIMPLEMENTED");
            }
            assertThat(socket.send("{\"type\":\"Ping\"}")
                            .next()
                            .at("/data/code")
                            .asText())
                    .isEqualTo("UNIMPLEMENTED");
            socket.barrier();
        }
    }

    @Test
    void tenMalformedMessagesWithinAMinuteEndTheConnection() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            for (int i = 0; i < 9; i++) {
                socket.send("{");
            }
            socket.barrier();
            socket.send("{");
            assertThat(socket.end().code()).isEqualTo(1008);
            assertThat(socket.pending())
                    .hasSizeBetween(9, 10)
                    .allMatch(f -> f.get("type").asText().equals("error"));
        }
    }

    @Test
    void nothingIsDoneAfterTheConnectionWasEndedForViolations() {
        String room = Nodes.room("chat");
        try (RawWebSocket healthy = RawWebSocket.open(node);
                RawWebSocket socket = RawWebSocket.open(node)) {
            healthy.join(room);
            for (int i = 0; i < 12; i++) {
                socket.send("{");
            }
            socket.tell("room.publish", "{\"room\":\"" + room + "\",\"payload\":\"too late\"}");
            assertThat(socket.end().code()).isEqualTo(1008);
            assertThat(healthy.publish(room, "1").get("seq").asLong()).isEqualTo(1);
        }
    }

    @Test
    void requestWithoutIdIsDoneAndNotAnsweredButItsErrorIsTold() {
        String room = Nodes.room("chat");
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.tell("room.join", "{\"room\":\"" + room + "\",\"presence\":\"off\"}");
            socket.tell("room.publish", "{\"room\":\"" + room + "\",\"payload\":1}");
            assertThat(socket.next().at("/data/payload").asInt()).isEqualTo(1);
            socket.tell("room.publish", "{\"room\":\"user:somebody\",\"payload\":1}");
            JsonNode error = socket.next();
            assertThat(error.at("/data/code").asText()).isEqualTo("PERMISSION_DENIED");
            assertThat(error.has("id")).isFalse();
            socket.tell("room.history", "{\"room\":\"" + room + "\",\"since\":{\"epoch\":\"other\",\"seq\":1}}");
            assertThat(socket.next().at("/data/code").asText()).isEqualTo("OUT_OF_RANGE");
            socket.tell("room.leave", "{\"room\":\"" + room + "\"}");
            socket.barrier();
            assertThat(socket.pending()).isEmpty();
        }
    }

    @Test
    void answersComeInTheOrderOfTheRequestsOfARoom() {
        String room = Nodes.room("chat");
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            String in = "{\"room\":\"" + room + "\"";
            socket.ask("room.join", in + "}");
            for (int i = 1; i <= 50; i++) {
                socket.ask("room.publish", in + ",\"payload\":" + i + "}");
            }
            socket.ask("room.leave", in + "}");
            for (int i = 1; i <= 52; i++) {
                JsonNode answer = socket.next(f -> f.has("id"), "answer");
                assertThat(answer.get("id").asText()).isEqualTo("q" + i);
                if (i > 1 && i < 52) {
                    assertThat(answer.at("/data/seq").asInt()).isEqualTo(i - 1);
                }
            }
            socket.barrier();
            long messages = socket.all().stream()
                    .filter(f -> f.get("type").asText().equals("room.published"))
                    .count();
            assertThat(messages).isLessThanOrEqualTo(50);
        }
    }

    @Test
    void pongRepeatsWhatThePingHad() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            assertThat(socket.send("{\"type\":\"ping\"}").next().toString())
                    .isEqualTo("{\"type\":\"pong\",\"data\":{}}");
            assertThat(socket.request("ping", "{\"t\":1.50}").toString())
                    .isEqualTo("{\"type\":\"pong\",\"id\":\"q1\",\"data\":{\"t\":1.5}}");
            for (String t : new String[] {"null", "\"\\u0000\"", "[1,{\"a\":2}]", "false"}) {
                assertThat(socket.request("ping", "{\"t\":" + t + "}")
                                .get("data")
                                .has("t"))
                        .as(t)
                        .isTrue();
            }
        }
    }

    @Test
    void payloadIsPassedOnAsItWasWritten() {
        String room = Nodes.room("chat");
        String payload = "{ \"b\" : 1.50, \"a\":1e+2,\t\"b\":\"\\u00e9\\/\" , \"big\":123456789012345678901234567890 }";
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.join(room, ",\"presence\":\"off\"");
            socket.tell("room.publish", "{\"room\":\"" + room + "\",\"payload\":" + payload + "}");
            assertThat(socket.read(RawWebSocket.PATIENCE).text()).contains("\"payload\":" + payload);
            // line breaks between tokens become spaces; those escaped in strings stay
            socket.tell("room.publish", "{\"room\":\"" + room + "\",\"payload\":{\r\n\"a\":\"\\n\"\n}}");
            assertThat(socket.read(RawWebSocket.PATIENCE).text()).contains("\"payload\":{  \"a\":\"\\n\" }");
            for (String any : new String[] {"null", "true", "\"\"", "[]", "0", "-0.0", "\"\u2028\uD83D\uDE00\""}) {
                socket.tell("room.publish", "{\"room\":\"" + room + "\",\"payload\":" + any + "}");
                assertThat(socket.read(RawWebSocket.PATIENCE).text()).contains("\"payload\":" + any);
            }
        }
    }

    @Test
    void metaReachesTheReceivers() {
        String room = Nodes.room("chat");
        String meta =
                "{\"traceparent\":\"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\",\"\\\"data\":\"}\"}";
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.join(room, ",\"presence\":\"off\"");
            socket.send("{\"type\":\"room.publish\",\"meta\":" + meta + ",\"data\":{\"room\":\"" + room
                    + "\",\"payload\":1}}");
            assertThat(socket.read(RawWebSocket.PATIENCE).text()).contains("\"meta\":" + meta);
            String id = socket.ask("room.history", "{\"room\":\"" + room + "\"}");
            JsonNode item = socket.answer(id).at("/data/messages/0");
            assertThat(item.at("/meta/traceparent").asText()).startsWith("00-0af");
            assertThat(item.get("payload").asInt()).isEqualTo(1);
        }
    }

    @Test
    void largestMessageIsTaken() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            String frame = "{\"type\":\"ping\",\"id\":\"1\",\"pad\":\"\"}";
            String full = frame.replace("\"\"}", "\"" + "x".repeat(16_384 - frame.length()) + "\"}");
            assertThat(full.getBytes(StandardCharsets.UTF_8)).hasSize(16_384);
            assertThat(socket.send(full).answer("1").get("type").asText()).isEqualTo("pong");
            socket.send(full.replace("\"pad\":\"", "\"pad\":\"x"));
            assertThat(socket.end().code()).isEqualTo(1009);
        }
    }
}
