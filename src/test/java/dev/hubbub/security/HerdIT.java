package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** More come at once than a node lets in. One place comes back each second, so each test lets it run dry first. */
class HerdIT {
    private static final int BURST = 40;
    private static final String PAGE = "Origin: https://example.com";
    private Node node;
    private final String token = Issuer.bearer(Issuer.token("ann"));

    @BeforeEach
    void start() {
        node = Sites.start(
                "-Dhubbub.limits.node-handshakes-per-second=1",
                "-Dhubbub.limits.node-handshakes-burst=" + BURST,
                "-Dhubbub.auth.anonymous=true",
                "-Dhubbub.origins=https://example.com",
                "-Dhubbub.namespace.open.join=anyone",
                "-Dhubbub.namespace.open.publish=users",
                "-Dhubbub.namespace.open.members=anyone");
    }

    @AfterEach
    void stop() {
        Sites.stop(node);
    }

    private static List<Way> connections() {
        return List.of(Way.WEBSOCKET, Way.EVENTS);
    }

    /** Knocks until one is refused; how many got in. */
    private int flood(Way way, String query, String header) {
        for (int in = 0; in < 5 * BURST; in++) {
            Way.Answer answer = way.knock(node, query, header);
            if (!answer.in()) {
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.code()).isEqualTo("UNAVAILABLE");
                assertThat(Integer.parseInt(answer.headers().get("retry-after")))
                        .isBetween(1, 10);
                return in;
            }
        }
        throw new AssertionError("all get in");
    }

    private long shed() {
        return Api.metric(node, "hubbub_refused", "reason=\"node_handshake_rate\"");
    }

    @ParameterizedTest
    @MethodSource("connections")
    void strangersLeaveHalfOfItToUsersAndWhoIsInNoticesNothing(Way way) {
        try (RawWebSocket ann = RawWebSocket.open(node, "/ws", token)) {
            ann.join(Way.ROOM);
            assertThat(flood(way, "", PAGE)).isBetween(BURST / 2 - 1, BURST);
            assertThat(shed()).isEqualTo(1);
            for (int user = 0; user < BURST / 2 - 5; user++) {
                assertThat(way.knock(node, "", token).in()).isTrue();
            }
            flood(way, "", token);
            assertThat(shed()).isEqualTo(2);
            assertThat(way.knock(node, "", PAGE).status()).isEqualTo(503);
            ann.publish(Way.ROOM, "1");
            assertThat(ann.message(Way.ROOM).get("payload").asInt()).isEqualTo(1);
            assertThat(Way.WRITE.knock(node, "", token).in()).isTrue();
        }
    }

    /** Who they are is not known before they are in. */
    @Test
    void whoLogsInByMessageIsAStrangerUntilThen() {
        assertThat(flood(Way.WEBSOCKET, "auth=message", PAGE)).isBetween(BURST / 2 - 1, BURST);
        assertThat(Way.WEBSOCKET.knock(node, "", token).in()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("connections")
    void credentialsThatAreNoGoodTakeNothing(Way way) {
        for (int i = 0; i < 3 * BURST; i++) {
            assertThat(way.knock(node, "", "Authorization: Bearer none").status())
                    .isEqualTo(401);
        }
        assertThat(way.knock(node, "", PAGE).in()).isTrue();
        assertThat(shed()).isZero();
    }
}
