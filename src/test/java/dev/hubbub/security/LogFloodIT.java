package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who is not even known cannot fill the log: what is refused is counted, and told a few times. */
class LogFloodIT {
    /** A line for every ten seconds, and some of others. */
    private static final int HANDFUL = 10;

    private static Node node;

    @BeforeAll
    static void start() {
        node = Sites.start(Way.OPEN);
    }

    @AfterAll
    static void stop() {
        Sites.stop(node);
    }

    private static long malformed(Node of) {
        return Api.metric(of, "hubbub_refused", "reason=\"malformed\"");
    }

    private static int ask(Node of, String path) {
        try (RawWebSocket socket = RawWebSocket.handshake(of, path)) {
            if (socket.status() == 400) {
                assertThat(socket.headers().get("content-type")).startsWith("application/problem+json");
                assertThat(socket.problem().get("code").asText()).isEqualTo("INVALID_ARGUMENT");
            }
            return socket.status();
        }
    }

    @Test
    void aThousandQueriesThatCannotBeReadAreAHandfulOfLines() {
        long lines = node.log().lines().count();
        long before = malformed(node);
        List<String> paths = List.of(
                "/api/v1/rooms?x=%zz",
                "/events?x=%zz",
                "/ws?x=%",
                "/echo?auth=%f",
                "/events?room=a&x=%ff",
                "/api/v1/rooms?%u0041=1",
                "/metrics?x=%zz",
                "/ws?ticket=%c3%28");
        for (int i = 0; i < 1000; i++) {
            String path = paths.get(i % paths.size());
            assertThat(ask(node, path)).as(path).isEqualTo(400);
        }
        assertThat(malformed(node)).isEqualTo(before + 1000);
        assertThat(node.log().lines().count() - lines).as(node.log()).isLessThan(HANDFUL);
        assertThat(ask(node, "/api/v1/rooms?prefix=%61%c3%a9")).isEqualTo(401);
    }

    @Test
    void anAddressThatGoesOnIsRefusedBeforeItsQueryIsTold() {
        try (Node strict =
                Sites.start("-Dhubbub.limits.handshakes-per-second=1", "-Dhubbub.limits.handshakes-burst=20")) {
            for (int i = 0; i < 20; i++) {
                assertThat(ask(strict, "/events?x=%zz")).isEqualTo(400);
            }
            int last = 0;
            for (int i = 0; i < 50 && last != 429; i++) {
                last = ask(strict, "/api/v1/rooms?x=%zz");
            }
            assertThat(last).isEqualTo(429);
        }
    }

    @Test
    void aHundredConnectionsClosedForWhatTheySendAreAHandfulOfLines() {
        long lines = node.log().lines().count();
        long before = malformed(node);
        String header = Issuer.bearer(Issuer.token("ann"));
        for (int i = 0; i < 100; i++) {
            try (RawWebSocket socket = RawWebSocket.open(node, "/ws", header)) {
                for (int bad = 0; bad < 10; bad++) {
                    socket.send("{");
                }
                assertThat(socket.end().code()).isEqualTo(1008);
            }
        }
        assertThat(malformed(node)).isEqualTo(before + 100);
        assertThat(node.log().lines().count() - lines).as(node.log()).isLessThan(HANDFUL);
    }
}
