package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Connections are counted from the handshake to the end, whoever makes them; a node that takes two of an address. */
class ConnectionCapsIT {
    private static final String UNKNOWN = "/ws?auth=message";
    private static Node node;

    @BeforeAll
    static void start() {
        node = Node.start(
                "-Dhubbub.limits.connections-per-ip=2",
                "-Dhubbub.limits.connections-per-user=1",
                "-Dhubbub.auth.login-within=PT2S");
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    /** A socket that is let in, once there is a place; places come back a moment after a connection's end. */
    private static RawWebSocket enter(String path) {
        return Awaitility.await("a place for " + path)
                .until(
                        () -> {
                            RawWebSocket socket = RawWebSocket.handshake(node, path);
                            if (socket.status() != 101) {
                                socket.close();
                            }
                            return socket;
                        },
                        socket -> socket.status() == 101);
    }

    private static void assertFull(String path) {
        try (RawWebSocket socket = RawWebSocket.handshake(node, path)) {
            assertThat(socket.status()).as(path).isEqualTo(429);
            assertThat(socket.problem().get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
        }
    }

    @Test
    void whoHasNotLoggedInTakesAPlaceUntilItIsClosed() {
        for (int round = 0; round < 2; round++) {
            try (RawWebSocket one = enter(UNKNOWN);
                    RawWebSocket two = enter(UNKNOWN)) {
                assertFull(UNKNOWN);
                assertFull("/ws");
                assertThat(one.end().code()).isEqualTo(4001);
                assertThat(two.end().code()).isEqualTo(4001);
            }
        }
    }

    @Test
    void whoLogsInTakesThePlaceOfAUserOnlyThen() {
        try (RawWebSocket first = enter("/ws")) {
            String token = first.next("session.opened").at("/data/anon").asText();
            try (RawWebSocket second = enter(UNKNOWN)) {
                assertThat(second.fails("auth.login", "{\"token\":\"" + token + "\"}")
                                .get("code")
                                .asText())
                        .isEqualTo("RESOURCE_EXHAUSTED");
                assertThat(second.end().code()).isEqualTo(1013);
            }
            first.close(1000);
            try (RawWebSocket again = enter(UNKNOWN);
                    RawWebSocket other = enter("/ws")) {
                again.ask("auth.login", "{\"token\":\"" + token + "\"}");
                again.next("session.opened");
                assertFull(UNKNOWN); // the login took no second place
                other.close(1000);
                again.close(1000);
            }
        }
    }

    @Test
    void anEchoGivesItsPlaceBackAndNeedsWhatASessionNeeds() {
        for (int i = 0; i < 5; i++) {
            try (RawWebSocket one = enter("/echo?auth=message");
                    RawWebSocket two = enter("/echo")) {
                assertFull("/echo");
                one.close(1000);
                two.reset();
            }
        }
        try (Node closed = Node.start("-Dhubbub.dev=false");
                RawWebSocket socket = RawWebSocket.handshake(closed, "/echo?auth=message")) {
            assertThat(socket.status()).isEqualTo(401);
        }
    }

    @Test
    void aHandshakeThatIsCutOffLeavesNothing() {
        for (int i = 0; i < 100; i++) {
            RawWebSocket.cutOff(node, UNKNOWN);
        }
        enter(UNKNOWN).close();
    }
}
