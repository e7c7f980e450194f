package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where a team's own code takes its time, whoever asks for much waits, and nobody else does. */
class SlowAuthorizerIT {
    private static final int OF_ONE = 10;
    private static final int THREADS = 12;
    /** Where each held a thread, the last of them would wait for half a minute. */
    private static final int STREAMS = 120;

    /** How long a decision takes. */
    private static final Duration DECISION = Duration.ofMillis(50);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SAFETY = Duration.ofSeconds(5);
    private static final String ROOMS =
            IntStream.range(0, 32).mapToObj(i -> "room=club:" + i).collect(Collectors.joining("&"));
    private static final String OTHER = Issuer.token("other");
    private static Path overlay;
    private static Node node;

    @BeforeAll
    static void start() {
        overlay = Overlay.with(SlowAuthorizer.class);
        node = Sites.from(
                overlay,
                "-Djetty.threadPool.maxThreads=" + THREADS,
                "-Dhubbub.limits.connections-per-user=" + OF_ONE,
                "-Dhubbub.limits.refusal-pause=" + PAUSE);
    }

    @AfterAll
    static void stop() {
        Sites.stop(node);
        Overlay.delete(overlay);
    }

    /** Asks for a stream of 32 rooms, about which there are 65 questions, and does not wait for the answer. */
    private static Wire ask(String token) {
        Wire wire = new Wire(node.port(), 0);
        String request = "GET /events?" + ROOMS + " HTTP/1.1\r\nHost: here\r\n" + Issuer.bearer(token) + "\r\n\r\n";
        assertThat(wire.write(request.getBytes(StandardCharsets.US_ASCII))).isTrue();
        return wire;
    }

    private static List<Wire> ask(String token, int times) {
        return IntStream.range(0, times).mapToObj(i -> ask(token)).toList();
    }

    private static void assertOthersAreServed() {
        for (int i = 0; i < 5; i++) {
            long before = System.nanoTime();
            assertThat(Api.get(node, "/api/v1/rooms/club:1/messages", "Authorization", "Bearer " + OTHER)
                            .status())
                    .isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(SAFETY);
        }
    }

    @Test
    void ofOneUserNoMoreStreamsWaitForADecisionThanThereMayBe() {
        List<Wire> streams = ask(Issuer.token("ann"), STREAMS);
        try {
            assertOthersAreServed();
            List<Integer> answers =
                    streams.stream().map(wire -> wire.head(PATIENCE).status()).toList();
            assertThat(answers.stream().filter(status -> status == 429)).hasSize(STREAMS - OF_ONE);
            assertThat(answers.stream().filter(status -> status == 200)).hasSize(OF_ONE);
        } finally {
            streams.forEach(Wire::close);
        }
    }

    @Test
    void streamsOfManyUsersWaitForADecisionWithoutAThread() {
        List<Wire> streams = new ArrayList<>();
        try {
            for (int user = 0; user < STREAMS / 3; user++) {
                streams.addAll(ask(Issuer.token("user-" + user), 3));
            }
            assertOthersAreServed();
            assertThat(streams)
                    .allSatisfy(wire -> assertThat(wire.head(PATIENCE).status()).isEqualTo(200));
        } finally {
            streams.forEach(Wire::close);
        }
    }

    /** After a pause, though it was decided late. */
    @Test
    void whoeverIsRefusedGivesThePlaceBack() {
        String token = Issuer.token("bob");
        String shut = Issuer.token("shut");
        for (int i = 0; i < OF_ONE + 2; i++) {
            late(() -> {
                try (EventStream stream = EventStream.open(node, "room=club:1&room=deny:1", Issuer.bearer(token))) {
                    assertThat(stream.status()).isEqualTo(403);
                }
            });
            for (Way way : new Way[] {Way.WEBSOCKET, Way.EVENTS}) {
                late(() -> assertThat(way.knock(node, "", Issuer.bearer(shut)).code())
                        .isEqualTo("PERMISSION_DENIED"));
            }
        }
        try (EventStream stream = EventStream.open(node, "room=club:1", Issuer.bearer(token))) {
            stream.next("room.joined");
        }
    }

    private static void late(Runnable refused) {
        long before = System.nanoTime();
        refused.run();
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isGreaterThanOrEqualTo(DECISION.plus(PAUSE));
    }
}
