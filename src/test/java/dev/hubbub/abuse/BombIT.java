package dev.hubbub.abuse;

import static dev.hubbub.support.RawWebSocket.FIN;
import static dev.hubbub.support.RawWebSocket.PING;
import static dev.hubbub.support.RawWebSocket.TEXT;
import static dev.hubbub.support.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What is small on its way and large where it arrives: compressed messages, and rooms. */
class BombIT {
    private static final int RSV1 = 0x40;

    @Test
    void compressedMessagesThatAreTooLargeOnceUnpackedAre1009() {
        try (Abused abused = Abused.start(
                "-Dhubbub.websocket.compression=true",
                "-Dhubbub.limits.handshakes-per-second=1000",
                "-Dhubbub.limits.handshakes-burst=1000")) {
            Node node = abused.node();
            byte[] small;
            try (RawWebSocket socket = RawWebSocket.open(node, "/ws", "Sec-WebSocket-Extensions: permessage-deflate")) {
                small = socket.deflated("x".repeat(12_000_000));
            }
            assertThat(small.length).isLessThan(16_384);
            abused.company().beside("bombs", () -> {
                for (int i = 0; i < 40; i++) {
                    try (RawWebSocket socket =
                            RawWebSocket.open(node, "/ws", "Sec-WebSocket-Extensions: permessage-deflate")) {
                        socket.raw(frame(FIN | RSV1 | TEXT, small));
                        assertThat(socket.end().code()).isEqualTo(1009);
                    }
                }
                // and is read no faster than without compression
                try (RawWebSocket socket =
                        RawWebSocket.open(node, "/ws", "Sec-WebSocket-Extensions: permessage-deflate")) {
                    for (int i = 0; i < 3_000; i++) {
                        socket.raw(frame(FIN | PING, ""));
                    }
                    Awaitility.await().until(() -> abused.refused("frame_rate") > 0);
                }
            });
            abused.assertWell();
        }
    }

    /** Where the rates let it: each room keeps its message, and all of them together what the budget of the logs lets them. */
    @Test
    void tenThousandRoomsOfOneClientFitIntoALittleMemory() {
        try (Abused abused = Abused.start(
                "-Dhubbub.limits.messages-per-second=100000",
                "-Dhubbub.limits.messages-burst=100000",
                "-Dhubbub.log.budget-bytes=16777216")) {
            abused.company().beside("ten thousand rooms", () -> {
                try (RawWebSocket socket = abused.open(8, 1)) {
                    for (int room = 0; room < 10_000; room++) {
                        socket.tell(
                                "room.publish",
                                "{\"room\":\"many:" + room + "\",\"payload\":\"" + "x".repeat(1_000) + "\"}");
                    }
                    socket.barrier();
                }
            });
            assertThat(Api.metric(abused.node(), "hubbub_rooms", "")).isGreaterThanOrEqualTo(10_000);
            abused.assertWell();
        }
    }
}
