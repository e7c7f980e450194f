package dev.hubbub.protocol;

import static dev.hubbub.support.RawWebSocket.BINARY;
import static dev.hubbub.support.RawWebSocket.CLOSE;
import static dev.hubbub.support.RawWebSocket.CONTINUATION;
import static dev.hubbub.support.RawWebSocket.FIN;
import static dev.hubbub.support.RawWebSocket.PING;
import static dev.hubbub.support.RawWebSocket.PONG;
import static dev.hubbub.support.RawWebSocket.TEXT;
import static dev.hubbub.support.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6455's frames: fragments, control frames between them, closes, and {@code /echo}. */
class FramesIT {
    private final Node node = Nodes.shared();

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** A message in pieces of so many bytes, and what goes between any two of them. */
    private static byte[] fragments(int opcode, byte[] message, int size, byte[] between) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < message.length || at == 0; at += size) {
            int to = Math.min(message.length, at + size);
            int first = (at == 0 ? opcode : CONTINUATION) | (to == message.length ? FIN : 0);
            out.writeBytes(frame(first, Arrays.copyOfRange(message, at, to)));
            if (to < message.length) {
                out.writeBytes(between);
            }
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 50})
    void fragmentsAreOneMessage(int size) {
        String ping = "{\"type\":\"ping\",\"id\":\"é\uD83D\uDE00\",\"data\":{\"t\":\"characters are cut in two\"}}";
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.raw(fragments(TEXT, utf8(ping), size, new byte[0]));
            assertThat(socket.answer("é\uD83D\uDE00").get("type").asText()).isEqualTo("pong");
        }
    }

    @Test
    void controlFramesBetweenFragmentsAreAnsweredAtOnce() {
        byte[] ping = frame(FIN | PING, "are you there");
        byte[] pong = frame(FIN | PONG, "unasked");
        byte[] both = new byte[ping.length + pong.length];
        System.arraycopy(ping, 0, both, 0, ping.length);
        System.arraycopy(pong, 0, both, ping.length, pong.length);
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.raw(fragments(TEXT, utf8("{\"type\":\"ping\",\"id\":\"1\"}"), 9, both));
            for (int i = 0; i < 2; i++) {
                RawWebSocket.Frame answer = socket.read(RawWebSocket.PATIENCE);
                assertThat(answer.first()).isEqualTo(FIN | PONG);
                assertThat(answer.text()).isEqualTo("are you there");
            }
            assertThat(socket.answer("1").get("type").asText()).isEqualTo("pong");
        }
    }

    @Test
    void emptyFragmentsAddNothing() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.raw(frame(TEXT, ""));
            socket.raw(frame(CONTINUATION, "{\"type\":\"ping\",\"id\":\"1\"}"));
            socket.raw(frame(CONTINUATION, ""));
            socket.raw(frame(FIN | CONTINUATION, ""));
            assertThat(socket.answer("1").get("type").asText()).isEqualTo("pong");
        }
    }

    @Test
    void fragmentedMessageCountsWhole() {
        String ping = "{\"type\":\"ping\",\"id\":\"1\",\"pad\":\"" + "x".repeat(16_384) + "\"}";
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.raw(fragments(TEXT, utf8(ping), 1000, new byte[0]));
            assertThat(socket.end().code()).isEqualTo(1009);
        }
    }

    @Test
    void messageThatNeverEndsIsCutOffAtTheLimit() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.raw(frame(TEXT, ""));
            boolean open = true;
            for (int i = 0; i < 1000 && open; i++) {
                open = socket.raw(frame(CONTINUATION, "x".repeat(1000)));
            }
            assertThat(socket.end().code()).isIn(1009, 1006);
        }
    }

    @Test
    void announcedLengthIsNeverWaitedForBeyondTheLimit() {
        byte[] huge = {(byte) (FIN | TEXT), (byte) 0xff, 0, 0, 0, 0, 0x10, 0, 0, 0, 1, 2, 3, 4};
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.raw(huge);
            socket.raw(new byte[16_385]);
            assertThat(socket.end().code()).isEqualTo(1009);
        }
    }

    @Test
    void binaryIs1003() {
        try (RawWebSocket socket = RawWebSocket.open(node);
                RawWebSocket fragments = RawWebSocket.open(node)) {
            socket.raw(frame(FIN | BINARY, "{\"type\":\"ping\"}"));
            assertThat(socket.end().code()).isEqualTo(1003);
            fragments.raw(fragments(BINARY, new byte[5000], 100, new byte[0]));
            assertThat(fragments.end().code()).isEqualTo(1003);
        }
    }

    @Test
    void bytesOneByOneAreTheSameMessage() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            for (byte b : frame(FIN | TEXT, "{\"type\":\"ping\",\"id\":\"1\"}")) {
                socket.raw(new byte[] {b});
            }
            assertThat(socket.answer("1").get("type").asText()).isEqualTo("pong");
        }
    }

    @Test
    void manyMessagesInOneSegment() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < 100; i++) {
            out.writeBytes(frame(FIN | TEXT, "{\"type\":\"ping\",\"id\":\"" + i + "\"}"));
        }
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.raw(out.toByteArray());
            for (int i = 0; i < 100; i++) {
                assertThat(socket.next().get("id").asText()).isEqualTo(Integer.toString(i));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 1001, 1002, 1008, 1011, 3000, 4000, 4999})
    void closeIsEchoed(int code) {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            assertThat(socket.close(code).code()).isEqualTo(code);
        }
    }

    @Test
    void closeWithoutCodeIsAnsweredAnd1005IsNeverSent() {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            socket.raw(frame(FIN | CLOSE, ""));
            RawWebSocket.Frame answer = socket.read(RawWebSocket.PATIENCE);
            assertThat(answer.opcode()).isEqualTo(CLOSE);
            boolean codeless = answer.payload().length == 0;
            assertThat(codeless || socket.end().code() == 1000).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 2000, 5000, 65535})
    void closeCodesThatMustNotTravelAre1002(int code) {
        try (RawWebSocket socket = RawWebSocket.open(node)) {
            assertThat(socket.close(code).code()).isEqualTo(1002);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 70_000, 1_048_576})
    void echoReturnsEveryMessage(int length) {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) ('a' + i % 26);
        }
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/echo")) {
            for (int opcode : new int[] {TEXT, BINARY}) {
                socket.raw(frame(FIN | opcode, message));
                assertEcho(socket, opcode, message);
                socket.raw(fragments(opcode, message, Math.max(1, length / 3), frame(FIN | PONG, "")));
                assertEcho(socket, opcode, message);
            }
        }
    }

    private static void assertEcho(RawWebSocket socket, int opcode, byte[] message) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        RawWebSocket.Frame frame = socket.read(RawWebSocket.PATIENCE);
        assertThat(frame.opcode()).isEqualTo(opcode);
        whole.writeBytes(frame.payload());
        while (!frame.isFinal()) {
            frame = socket.read(RawWebSocket.PATIENCE);
            assertThat(frame.opcode()).isEqualTo(CONTINUATION);
            whole.writeBytes(frame.payload());
        }
        assertThat(Arrays.equals(whole.toByteArray(), message)).isTrue();
    }

    @Test
    void echoBeyondOneMebibyteIs1009() {
        try (RawWebSocket socket = RawWebSocket.handshake(node, "/echo")) {
            socket.raw(frame(FIN | TEXT, "x".repeat(1_048_577)));
            assertThat(socket.end().code()).isIn(1009);
        }
    }
}
