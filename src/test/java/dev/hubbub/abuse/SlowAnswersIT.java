package dev.hubbub.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.Wire;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More large answers than the container has threads, which nobody reads. */
class SlowAnswersIT {
    private static final int THREADS = 12;
    private static final int MESSAGES = 500; // more than a kernel takes for a reader
    /** Where answers hold threads, whoever comes waits a minute. */
    private static final Duration SAFETY = Duration.ofSeconds(20);

    @Test
    void whoDoesNotReadAnAnswerHoldsNoThreadAndGetsAllOfItLater() {
        String room = Nodes.room("large");
        String messages = "/api/v1/rooms/" + room + "/messages";
        String large = "{\"payload\":\"" + "x".repeat(15_000) + "\"}";
        List<Wire> slow = new ArrayList<>();
        try (Node node = Node.start("-Djetty.threadPool.maxThreads=" + THREADS)) {
            for (int i = 0; i < MESSAGES; i++) {
                assertThat(Api.post(node, messages, large).status()).isBetween(200, 299);
            }
            byte[] ask = ("GET " + messages + "?limit=" + MESSAGES + " HTTP/1.1\r\nHost: here\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 3 * THREADS; i++) {
                Wire wire = new Wire(node.port(), 4_096);
                slow.add(wire);
                wire.write(ask);
                assertThat(wire.head(SAFETY).status()).isEqualTo(200);
            }
            long begun = System.nanoTime();
            assertThat(Api.get(node, messages + "?limit=1").status()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SAFETY);
            assertThat(slow.get(0).await(MESSAGES * 15_000, Wire.deadline(SAFETY)))
                    .isTrue();
        } finally {
            slow.forEach(Wire::close);
        }
    }
}
