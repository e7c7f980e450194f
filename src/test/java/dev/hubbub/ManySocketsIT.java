package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The promise on 200 real sockets under one publisher at full speed, some of which break off and resume. */
@Tag("alone")
class ManySocketsIT {
    private static final int SOCKETS = 200;
    private static final int MESSAGES = 2000;

    @Test
    void eachGetsEverySeqExactlyOnceInOrder() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(SOCKETS);
        try (Node node =
                Node.start("-Dhubbub.limits.enabled=false", "-Dhubbub.namespace.default.history-size=100000")) {
            List<RawWebSocket> sockets = new ArrayList<>();
            for (int i = 0; i < SOCKETS; i++) {
                RawWebSocket socket = RawWebSocket.open(node);
                socket.join("crowd", ",\"presence\":\"off\"");
                sockets.add(socket);
            }
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < SOCKETS; i++) {
                int number = i;
                readers.add(threads.submit(() -> read(node, sockets.get(number), number)));
            }
            try (RawWebSocket publisher = RawWebSocket.open(node)) {
                for (int i = 1; i <= MESSAGES; i++) {
                    publisher.tell("room.publish", "{\"room\":\"crowd\",\"payload\":" + i + "}");
                }
                publisher.barrier();
                int resumed = 0;
                for (Future<Integer> reader : readers) {
                    resumed += reader.get(120, TimeUnit.SECONDS);
                }
                assertThat(resumed).isGreaterThan(SOCKETS / 4);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** Reads all of it, and says how often it broke off. */
    private static int read(Node node, RawWebSocket first, int number) {
        Random random = new Random(number);
        RawWebSocket socket = first;
        String epoch = "";
        int place = 0;
        int resumed = 0;
        int breaksAt = number % 3 == 0 ? 1 + random.nextInt(MESSAGES / 2) : Integer.MAX_VALUE;
        while (place < MESSAGES) {
            JsonNode data = socket.message("crowd");
            assertThat(data.get("seq").asInt()).as("socket " + number).isEqualTo(place + 1);
            assertThat(data.get("payload").asInt()).isEqualTo(place + 1);
            place++;
            epoch = data.get("epoch").asText();
            if (place == breaksAt) {
                socket.reset();
                socket = RawWebSocket.open(node);
                JsonNode joined = socket.join(
                        "crowd", ",\"presence\":\"off\",\"since\":{\"epoch\":\"" + epoch + "\",\"seq\":" + place + "}");
                assertThat(joined.get("recovered").asBoolean()).isTrue();
                breaksAt = place + 1 + random.nextInt(MESSAGES / 2);
                resumed++;
            }
        }
        socket.close();
        return resumed;
    }
}
