package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that say they come from elsewhere, so that limits on addresses would not be theirs. */
class ForwardedIT {
    private static final int BURST = 6;
    private static final int MOST = 2;
    private static final String PROXY = "127.0.0.1";
    private static Node direct;
    private static Node behind;
    private static Node standard;
    private static int lastPeer;

    @BeforeAll
    static void start() {
        direct = node();
        behind = node("-Dhubbub.trusted-proxies=" + PROXY + ",10.0.0.0/8,2001:db8:ffff::/48");
        standard = node("-Dhubbub.trusted-proxies=" + PROXY, "-Dhubbub.forwarded-header=Forwarded");
        List.of(direct, behind, standard).forEach(Node::awaitReady);
    }

    private static Node node(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "-Dhubbub.limits.handshakes-per-second=1",
                "-Dhubbub.limits.handshakes-burst=" + BURST,
                "-Dhubbub.limits.connections-per-ip=" + MOST));
        options.addAll(List.of(more));
        return Sites.begin(options.toArray(String[]::new));
    }

    @AfterAll
    static void stop() {
        Sites.stop(direct);
        Sites.stop(behind);
        Sites.stop(standard);
    }

    private static int knock(Node node, String peer, String header) {
        try (RawWebSocket socket = RawWebSocket.handshakeFrom(node, peer, "/ws", header)) {
            if (socket.status() == 429) {
                assertThat(socket.problem().get("code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
                assertThat(Integer.parseInt(socket.headers().get("retry-after")))
                        .isPositive();
            }
            return socket.status();
        }
    }

    private static void exhaust(Node node, String peer, String header) {
        for (int i = 0; i <= 2 * BURST; i++) {
            if (knock(node, peer, header) == 429) {
                return;
            }
        }
        throw new AssertionError("no limit for " + header);
    }

    /** Whether this client's handshakes are used up. One comes back in a second: a fresh client has more. */
    private static boolean isExhausted(Node node, String peer, String header) {
        for (int i = 0; i < BURST - 1; i++) {
            if (knock(node, peer, header) == 429) {
                return true;
            }
        }
        return false;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.0.11|X-Forwarded-For: 203.0.113.1",
                "127.0.0.12|X-Forwarded-For: 127.0.0.1",
                "127.0.0.13|Forwarded: for=203.0.113.2",
                "127.0.0.14|X-Real-IP: 203.0.113.3",
                "127.0.0.15|Client-IP: 203.0.113.4"
            })
    void withoutTrustedProxiesNoHeaderCounts(String peer, String header) {
        exhaust(direct, peer, "X-None: 1");
        assertThat(isExhausted(direct, peer, header)).isTrue();
        // nor from a peer that is none, where there are some
        exhaust(behind, peer, "X-None: 1");
        assertThat(isExhausted(behind, peer, header)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.1|203.0.113.1", //
                "203.0.113.2|1.1.1.1, 203.0.113.2",
                "203.0.113.3|203.0.113.99,203.0.113.3",
                "203.0.113.4|9.9.9.9, 203.0.113.4, 10.2.2.2",
                "203.0.113.5|10.1.1.1, 203.0.113.5, 10.2.2.2, 127.0.0.1",
                "203.0.113.6|203.0.113.6:4711",
                "203.0.113.7|::ffff:203.0.113.7",
                "203.0.113.8|garbage, <script>, 203.0.113.8",
                "2001:db8:1:2::1|2001:db8:1:2:ffff:ffff:ffff:ffff",
                "2001:db8:1:4::1|[2001:db8:1:4::9]:4711",
                "2001:db8:1:5::1|1.1.1.1, 2001:db8:1:5::2, 2001:db8:ffff::1"
            })
    void behindATrustedProxyTheNearestAddressThatIsNotTrustedCounts(String first, String same) {
        exhaust(behind, PROXY, "X-Forwarded-For: " + first);
        assertThat(isExhausted(behind, PROXY, "X-Forwarded-For: " + same)).isTrue();
        String peer = "127.0.1." + ++lastPeer;
        assertThat(isExhausted(behind, peer, "X-Forwarded-For: " + first))
                .as("others are not held back, even if they say that they are the same")
                .isFalse();
    }

    @Test
    void otherAddressesAndOtherNetworksOfIpv6AreOtherClients() {
        exhaust(behind, PROXY, "X-Forwarded-For: 198.51.100.1");
        exhaust(behind, PROXY, "X-Forwarded-For: 2001:db8:2:1::1");
        assertThat(isExhausted(behind, PROXY, "X-Forwarded-For: 198.51.100.2")).isFalse();
        assertThat(isExhausted(behind, PROXY, "X-Forwarded-For: 2001:db8:2:2::1"))
                .isFalse();
    }

    @Test
    void theHeaderThatTheProxyDoesNotWriteIsNotLookedAt() {
        exhaust(behind, PROXY, "X-Forwarded-For: 198.51.100.11");
        assertThat(isExhausted(behind, PROXY, "Forwarded: for=198.51.100.12\r\nX-Forwarded-For: 198.51.100.11"))
                .isTrue();
        exhaust(standard, PROXY, "Forwarded: for=198.51.100.11");
        assertThat(isExhausted(standard, PROXY, "X-Forwarded-For: 198.51.100.12\r\nForwarded: for=198.51.100.11"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "for=203.0.113.1|for=1.1.1.1, for=203.0.113.1;proto=https;by=10.1.1.1",
                "for=203.0.113.2|for=1.1.1.1, For=\"203.0.113.2:4711\"",
                "for=\"[2001:db8:3::1]\"|for=\"[2001:db8:3::2]:4711\"",
            })
    void theStandardsHeaderIsReadWhereItIsSet(String first, String same) {
        exhaust(standard, PROXY, "Forwarded: " + first);
        assertThat(isExhausted(standard, PROXY, "Forwarded: " + same)).isTrue();
    }

    @Test
    void whatIsNoAddressCountsAsTheProxy() {
        List<String> garbage = List.of(
                "garbage",
                "unknown",
                "_hidden",
                "999.1.1.1",
                "1.1.1",
                "203.0.113.1:99999999",
                "[::1",
                ":::",
                "fe80::1%eth0",
                "localhost",
                ",,,",
                "\"",
                "1.1.1.1\u0000");
        exhaust(behind, PROXY, "X-Forwarded-For: " + garbage.get(0));
        for (String each : garbage) {
            int status = knock(behind, PROXY, "X-Forwarded-For: " + each);
            int again = knock(behind, PROXY, "X-Forwarded-For: " + each);
            // one that the container refuses does not get that far
            assertThat(List.of(status, again)).as(each).containsAnyOf(429, 400);
        }
    }

    @Test
    void aVeryLongHeaderIsNoWayAround() {
        String hops = "198.51.100.99,".repeat(400);
        exhaust(behind, PROXY, "X-Forwarded-For: " + hops + "198.51.100.21");
        assertThat(isExhausted(behind, PROXY, "X-Forwarded-For: 198.51.100.21")).isTrue();
        assertThat(knock(behind, PROXY, "X-Forwarded-For: " + "198.51.100.99,".repeat(2_000) + "198.51.100.22"))
                .isEqualTo(431);
        // more proxies in a row than anybody has: the last that was read counts, whatever stands before it
        String trusted = "10.9.9.9,".repeat(40) + "10.9.9.9";
        exhaust(behind, PROXY, "X-Forwarded-For: 203.0.113.77," + trusted);
        assertThat(isExhausted(behind, PROXY, "X-Forwarded-For: 203.0.113.78," + trusted))
                .isTrue();
    }

    @Test
    void connectionsAreCountedToTheSameClients() {
        String token = Issuer.token("ann");
        List<AutoCloseable> open = new ArrayList<>();
        try {
            for (int i = 0; i < MOST; i++) {
                String header = "X-Forwarded-For: 192.0.2." + i + ", 198.51.100.31";
                RawWebSocket socket = RawWebSocket.handshakeFrom(behind, PROXY, "/ws", header, Issuer.bearer(token));
                assertThat(socket.status()).isEqualTo(101);
                open.add(socket);
            }
            for (Way way : new Way[] {Way.WEBSOCKET, Way.EVENTS}) {
                Way.Answer full = way.knock(
                        behind,
                        "",
                        "X-Forwarded-For: 192.0.2.9, 198.51.100.31",
                        Issuer.bearer(Issuer.token("bob", "*", "join")));
                assertThat(full.status()).isEqualTo(429);
                assertThat(full.code()).isEqualTo("RESOURCE_EXHAUSTED");
                assertThat(Integer.parseInt(full.headers().get("retry-after"))).isPositive();
            }
            EventStream other = EventStream.open(
                    behind,
                    "room=a",
                    "X-Forwarded-For: 198.51.100.32",
                    Issuer.bearer(Issuer.token("ann", "a", "join")));
            open.add(other);
            assertThat(other.status()).isEqualTo(200);
        } finally {
            open.forEach(ForwardedIT::close);
        }
    }

    private static void close(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
