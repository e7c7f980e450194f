package dev.hubbub.protocol;

import static dev.hubbub.support.RawWebSocket.BINARY;
import static dev.hubbub.support.RawWebSocket.CLOSE;
import static dev.hubbub.support.RawWebSocket.CONTINUATION;
import static dev.hubbub.support.RawWebSocket.FIN;
import static dev.hubbub.support.RawWebSocket.PING;
import static dev.hubbub.support.RawWebSocket.TEXT;
import static dev.hubbub.support.RawWebSocket.closeFrame;
import static dev.hubbub.support.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bad bytes of one connection: the close code that fits, at most one line in the log, and nobody else notices. */
class BadInputIT {
    /** @param codes the close codes that are right; 0 for a connection that lives on */
    private record Bad(String what, byte[] bytes, int... codes) {}

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] text(int... values) {
        return frame(FIN | TEXT, bytes(values));
    }

    private static byte[] times(int count, String text) {
        byte[][] frames = new byte[count][];
        for (int i = 0; i < count; i++) {
            frames[i] = frame(FIN | TEXT, text);
        }
        return join(frames);
    }

    private static List<Bad> table() {
        List<Bad> table = new ArrayList<>();
        for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
            table.add(new Bad("opcode " + opcode, frame(FIN | opcode, "x"), 1002));
        }
        for (int rsv : new int[] {0x40, 0x20, 0x10, 0x70}) {
            table.add(new Bad("RSV bits " + rsv, frame(FIN | rsv | TEXT, "{}"), 1002));
            table.add(new Bad("RSV bits of a ping " + rsv, frame(FIN | rsv | PING, "x"), 1002));
        }
        table.add(new Bad("not masked", bytes(FIN | TEXT, 2, '{', '}'), 1002));
        table.add(new Bad("ping not masked", bytes(FIN | PING, 0), 1002));
        table.add(new Bad("close not masked", bytes(FIN | CLOSE, 0), 1002));
        table.add(new Bad("continuation of nothing", frame(FIN | CONTINUATION, "x"), 1002));
        table.add(new Bad("open continuation of nothing", frame(CONTINUATION, "x"), 1002));
        table.add(new Bad("text within a message", join(frame(TEXT, "{"), frame(FIN | TEXT, "}")), 1002));
        table.add(new Bad("binary within a message", join(frame(TEXT, "{"), frame(FIN | BINARY, "}")), 1002));
        table.add(new Bad("ping in fragments", frame(PING, "x"), 1002));
        table.add(new Bad("close in fragments", frame(CLOSE, ""), 1002));
        table.add(new Bad("ping of 126 bytes", frame(FIN | PING, "x".repeat(126)), 1002));
        table.add(new Bad("close of 126 bytes", closeFrame(1000, "x".repeat(124)), 1002));
        table.add(new Bad("close of one byte", frame(FIN | CLOSE, bytes(3)), 1002));
        for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000}) {
            table.add(new Bad("close code " + code, closeFrame(code, ""), 1002));
        }
        table.add(new Bad("close reason no UTF-8", frame(FIN | CLOSE, bytes(3, 0xe8, 0xff, 0xfe)), 1007, 1002));
        table.add(new Bad("no UTF-8: ff", text(0xff), 1007));
        table.add(new Bad("no UTF-8: overlong slash", text(0xc0, 0xaf), 1007));
        table.add(new Bad("no UTF-8: overlong NUL", text(0xe0, 0x80, 0x80), 1007));
        table.add(new Bad("no UTF-8: surrogate", text(0xed, 0xa0, 0x80), 1007));
        table.add(new Bad("no UTF-8: beyond 10ffff", text(0xf4, 0x90, 0x80, 0x80), 1007));
        table.add(new Bad("no UTF-8: lone continuation", text(0x80), 1007));
        table.add(new Bad("no UTF-8: cut off", text('"', 0xc3), 1007));
        table.add(new Bad(
                "no UTF-8 in a fragment",
                join(frame(TEXT, bytes(0xc3)), frame(FIN | CONTINUATION, bytes(0x28))),
                1007));
        table.add(new Bad(
                "length of 64 bits, negative", bytes(0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4), 1002, 1009));
        table.add(new Bad(
                "length of 64 bits, huge",
                join(bytes(0x81, 0xff, 0x7f, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4), new byte[20_000]),
                1002,
                1009));
        table.add(new Bad("too large", frame(FIN | TEXT, "x".repeat(16_385)), 1009));
        table.add(new Bad("much too large", frame(FIN | TEXT, "x".repeat(200_000)), 1009));
        table.add(new Bad("binary", frame(FIN | BINARY, "x"), 1003));
        table.add(new Bad("empty binary", frame(FIN | BINARY, ""), 1003));
        table.add(new Bad("HTTP", "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), 1002));
        table.add(new Bad("TLS", bytes(0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc), 1002));
        table.add(new Bad("zeros", new byte[64], 1002));
        table.add(new Bad("malformed JSON, often", times(12, "{"), 1008));
        table.add(new Bad("wrong fields, often", times(12, "{\"type\":\"room.join\",\"data\":{\"room\":1}}"), 1008));
        table.add(new Bad("deep JSON, often", times(12, "[".repeat(8_000)), 1008));
        table.add(new Bad("malformed JSON", frame(FIN | TEXT, "{\"type\":"), 0));
        table.add(new Bad("empty message", frame(FIN | TEXT, ""), 0));
        table.add(new Bad("only NULs", frame(FIN | TEXT, new byte[10]), 0));
        table.add(new Bad("unknown types", times(5, "{\"type\":\"a.b\"}"), 0));
        table.add(new Bad("log injection", frame(FIN | TEXT, "{\"type\":\"x\\n\\tat forged.Line\"}"), 0));
        table.add(new Bad("half a header", bytes(0x81), 1006));
        table.add(new Bad("half a message", bytes(0x81, 0xfe, 0x10), 1006));
        return table;
    }

    @Test
    void otherSessionsNoticeNothing() {
        List<Bad> table = table();
        assertThat(table).hasSizeGreaterThan(59);
        try (Node node = Node.start(
                        "-Dhubbub.limits.messages-per-second=100000",
                        "-Dhubbub.limits.messages-burst=100000",
                        "-Dhubbub.limits.connections-per-ip=10000");
                RawWebSocket ann = RawWebSocket.open(node);
                RawWebSocket bob = RawWebSocket.open(node)) {
            ann.join("chat:pair");
            bob.join("chat:pair");
            long seq = 0;
            for (Bad bad : table) {
                long before = node.log().lines().count();
                try (RawWebSocket socket = RawWebSocket.open(node)) {
                    socket.join("chat:pair");
                    socket.raw(bad.bytes());
                    seq = chat(ann, bob, seq);
                    if (bad.codes()[0] == 0) {
                        socket.barrier();
                    } else if (bad.codes()[0] != 1006) {
                        assertThat(bad.codes())
                                .as(bad.what())
                                .contains(socket.end().code());
                    }
                }
                seq = chat(bob, ann, seq);
                assertThat(node.log().lines().count() - before)
                        .as(bad.what() + ": lines in " + node.log())
                        .isLessThanOrEqualTo(1);
            }
            assertThat(node.log()).doesNotContain("Exception", "\tat ");
            assertThat(ann.all()).noneMatch(f -> f.get("type").asText().matches("room.(reset|skipped)|error"));
        }
    }

    private static long chat(RawWebSocket from, RawWebSocket to, long seq) {
        long next = seq;
        for (int i = 0; i < 3; i++) {
            next++;
            assertThat(from.publish("chat:pair", "\"hi\"").get("seq").asLong()).isEqualTo(next);
            assertThat(to.message("chat:pair").get("seq").asLong()).isEqualTo(next);
            assertThat(from.message("chat:pair").get("seq").asLong()).isEqualTo(next);
        }
        return next;
    }
}
