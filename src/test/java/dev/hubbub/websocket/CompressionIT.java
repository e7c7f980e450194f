package dev.hubbub.websocket;

import static dev.hubbub.support.RawWebSocket.CONTINUATION;
import static dev.hubbub.support.RawWebSocket.FIN;
import static dev.hubbub.support.RawWebSocket.TEXT;
import static dev.hubbub.support.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** permessage-deflate (RFC 7692) where it is configured, and what a client may do with it. */
class CompressionIT {
    private static final int RSV1 = 0x40;
    private static final String QUIET = ",\"presence\":\"off\"";
    private final Node node = Nodes.compressing();

    private RawWebSocket open() {
        return RawWebSocket.open(node, "/ws", "Sec-WebSocket-Extensions: permessage-deflate");
    }

    @Test
    void messagesAreCompressedForThoseWhoOfferIt() {
        String room = Nodes.room("chat");
        String text = "\"" + "a".repeat(10_000) + "\"";
        try (RawWebSocket ann = open();
                RawWebSocket bob = RawWebSocket.open(node)) {
            assertThat(ann.headers().get("sec-websocket-extensions")).startsWith("permessage-deflate");
            assertThat(bob.headers()).doesNotContainKey("sec-websocket-extensions");
            ann.join(room, QUIET);
            bob.join(room, QUIET);
            bob.publish(room, text);
            RawWebSocket.Frame frame = ann.read(RawWebSocket.PATIENCE);
            assertThat(frame.first()).isEqualTo(FIN | RSV1 | TEXT);
            assertThat(frame.payload().length).isLessThan(1000);
            assertThat(ann.message(room)).isEqualTo(bob.message(room));
            // either side may leave a message as it is
            ann.raw(frame(FIN | TEXT, "{\"type\":\"ping\",\"id\":\"plain\"}"));
            assertThat(ann.answer("plain").get("type").asText()).isEqualTo("pong");
        }
    }

    @Test
    void compressedMessageInFragmentsIsOneMessage() {
        try (RawWebSocket socket = open()) {
            byte[] ping = socket.deflated("{\"type\":\"ping\",\"id\":\"1\"}");
            socket.raw(frame(RSV1 | TEXT, Arrays.copyOf(ping, 5)));
            socket.raw(frame(FIN | CONTINUATION, Arrays.copyOfRange(ping, 5, ping.length)));
            assertThat(socket.answer("1").get("type").asText()).isEqualTo("pong");
        }
    }

    /** 50 MB in 50 KB: a server that unpacked first and counted afterwards would hold them all. */
    @Test
    void messageThatIsTooLargeOnceUnpackedIs1009() {
        try (RawWebSocket socket = open()) {
            byte[] small = socket.deflated("{\"type\":\"ping\",\"pad\":\"" + "x".repeat(50_000_000) + "\"}");
            assertThat(small.length).isLessThan(100_000);
            socket.raw(frame(FIN | RSV1 | TEXT, small));
            assertThat(socket.end().code()).isEqualTo(1009);
        }
    }

    @Test
    void whatDoesNotUnpackIs1007() {
        try (RawWebSocket socket = open()) {
            socket.raw(frame(FIN | RSV1 | TEXT, new byte[] {(byte) 0xff, (byte) 0xff, 1, 2, 3}));
            assertThat(socket.end().code()).isEqualTo(1007);
        }
    }
}
