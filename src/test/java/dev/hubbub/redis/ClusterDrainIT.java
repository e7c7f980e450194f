package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes on one Redis: one is drained, or told to end, and its clients go on at the other. */
class ClusterDrainIT {
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** For what should take no time, on a machine that has much else to do. */
    private static final int SOON = 15;

    private static RedisServer redis;
    private static Node stays;
    private final List<Mover> movers = new ArrayList<>();
    private Node goes;
    private String room;

    @BeforeAll
    static void startAll() {
        redis = RedisServer.start();
        stays = node("stays", "PT1S", "PT20S");
    }

    @AfterAll
    static void stopAll() {
        stays.close();
        redis.close();
    }

    @BeforeEach
    void name() {
        room = Nodes.room("chat");
    }

    @AfterEach
    void stop() {
        movers.forEach(Mover::close);
        goes.close();
    }

    private static Node node(String name, String window, String deadline) {
        return Node.start(
                "-Dhubbub.redis=" + redis.url(),
                "-Dhubbub.node=" + name,
                "-Dhubbub.shutdown.window=" + window,
                "-Dhubbub.shutdown.deadline=" + deadline,
                "-Dhubbub.presence.grace=" + GRACE,
                "-Dhubbub.auth.anonymous-secret=all-nodes-sign-with-this-one-secret",
                "-Dhubbub.namespace.chat.history-size=100000",
                "-Dhubbub.limits.messages-per-second=100000",
                "-Dhubbub.limits.messages-burst=100000");
    }

    private void start(String window, String deadline) {
        goes = node("goes", window, deadline);
        Awaitility.await().until(() -> draining(stays).equals(Map.of("stays", false, "goes", false)));
    }

    private static Map<String, Boolean> draining(Node asked) {
        Map<String, Boolean> all = new HashMap<>();
        Api.get(asked, "/api/v1/nodes")
                .body()
                .get("items")
                .forEach(n -> all.put(n.get("node").asText(), n.get("draining").asBoolean()));
        return all;
    }

    private static int drain(Node asked, String name) {
        return Api.post(asked, "/api/v1/nodes/" + name + "/drain", "").status();
    }

    private static int status(Node node, String path) {
        return Api.get(node, path).status();
    }

    private void moversEnter() {
        for (int i = 0; i < 6; i++) {
            movers.add(new Mover.OfWebSocket(goes, room));
        }
        for (int i = 0; i < 2; i++) {
            movers.add(new Mover.OfEventStream(goes, room));
        }
    }

    /** Whom {@code leaving} sends away goes to the other node, lacks nothing, and is seen by nobody to have moved. */
    private void sendAway(Duration window, Runnable leaving) throws InterruptedException {
        try (RawWebSocket watcher = RawWebSocket.open(stays).answeringPings();
                RawWebSocket ben = RawWebSocket.open(stays);
                SteadyPublisher publisher = new SteadyPublisher(stays, room)) {
            watcher.join(room);
            ben.join(room);
            Awaitility.await().until(() -> publisher.last() > 20);
            leaving.run();
            List<Long> times = new ArrayList<>();
            for (Mover mover : movers) {
                times.add(mover.sentAway());
                mover.comeBack(stays);
            }
            assertThat(times)
                    .doesNotHaveDuplicates()
                    .allSatisfy(t -> assertThat(t).isBetween(0L, window.toMillis()));
            int moved = publisher.last();
            Awaitility.await().until(() -> publisher.last() > moved + 20);
            int last = publisher.stop();
            for (Mover mover : movers) {
                assertThat(mover.numbers(last))
                        .containsExactlyElementsOf(
                                IntStream.rangeClosed(1, last).boxed().toList());
            }
            // whoever goes after their move is told to have left after they would have been
            ben.close(1001);
            watcher.next(
                    f -> f.get("type").asText().equals("presence.left")
                            && f.at("/data/member/user").asText().equals(ben.user()),
                    "ben's leave");
            assertThat(watcher.all())
                    .noneMatch(f -> f.get("type").asText().matches("presence\\.(joined|left)")
                            && movers.stream()
                                    .anyMatch(m -> m.user()
                                            .equals(f.at("/data/member/user").asText())));
        }
    }

    @Test
    void aNodeThatIsDrainedByCallAtAnotherSendsItsClientsThereAndTakesNoneUntilItIsRestarted() throws Exception {
        start("PT2S", "PT20S");
        moversEnter();
        sendAway(Duration.ofSeconds(2), () -> {
            assertThat(drain(stays, "goes")).isEqualTo(202);
            assertThat(draining(stays)).isEqualTo(Map.of("stays", false, "goes", true));
            assertThat(draining(goes)).isEqualTo(Map.of("stays", false, "goes", true));
            assertThat(drain(goes, "goes")).isEqualTo(202);
        });
        assertThat(drain(stays, "goes")).isEqualTo(202);
        assertThat(status(goes, "/readyz")).isEqualTo(503);
        assertThat(status(goes, "/healthz")).isEqualTo(200);
        assertThat(status(goes, "/health/live")).isEqualTo(200);
        assertThat(Api.metric(goes, "hubbub_draining", "")).isEqualTo(1);
        try (RawWebSocket socket = RawWebSocket.handshake(goes, "/ws");
                EventStream stream = EventStream.open(goes, "room=" + room)) {
            for (Map<String, String> headers : List.of(socket.headers(), stream.headers())) {
                assertThat(Integer.parseInt(headers.get("retry-after"))).isPositive();
            }
            assertThat(socket.status()).isEqualTo(503);
            assertThat(stream.status()).isEqualTo(503);
        }
        assertThat(Api.post(goes, "/api/v1/rooms/" + room + "/messages", "{\"payload\":0}")
                        .status())
                .isEqualTo(201);
        Awaitility.await().until(() -> goes.log().contains("drained: the last client is gone"));
        assertThat(goes.log()).contains("draining within PT2S; clients to be sent elsewhere: 8");
        assertThat(status(stays, "/readyz")).isEqualTo(200);
        assertThat(Api.metric(stays, "hubbub_draining", "")).isZero();

        goes = goes.restart("-Dhubbub.redis=" + redis.url(), "-Dhubbub.node=goes"); // ready, or it does not come back
        Awaitility.await().until(() -> draining(stays).equals(Map.of("stays", false, "goes", false)));
    }

    @Test
    void aNodeThatIsToldToEndSendsItsClientsElsewhereAndEndsWithTheLast() throws Exception {
        start("PT1S", "PT20S");
        moversEnter();
        sendAway(Duration.ofSeconds(1), () -> goes.process().destroy());
        assertThat(goes.process().waitFor(SOON, TimeUnit.SECONDS)).isTrue();
        assertThat(draining(stays)).isEqualTo(Map.of("stays", false));
        assertThat(goes.log())
                .contains("draining within PT1S; clients to be sent elsewhere: 8")
                .contains("drained: the last client is gone")
                .doesNotContain("cut off")
                .doesNotContain("WARN")
                .doesNotContain("Exception");
    }

    @Test
    void whoWasToldATimeByADrainIsNotGivenAnotherWhenTheNodeIsToldToEnd() throws Exception {
        start("PT3S", "PT20S");
        moversEnter();
        sendAway(Duration.ofSeconds(3), () -> {
            assertThat(drain(stays, "goes")).isEqualTo(202);
            Awaitility.await().until(() -> status(goes, "/readyz") == 503);
            goes.process().destroy();
        });
        assertThat(goes.process().waitFor(SOON, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aNodeThatWasDrainedOrHasNoClientsEndsAtOnceWhateverTheWindow() throws Exception {
        start("PT5M", "PT10M");
        assertThat(drain(stays, "goes")).isEqualTo(202);
        Awaitility.await().until(() -> goes.log().contains("drained: the last client is gone"));
        goes.process().destroy();
        assertThat(goes.process().waitFor(SOON, TimeUnit.SECONDS)).isTrue();
        start("PT5M", "PT10M");
        goes.process().destroy();
        assertThat(goes.process().waitFor(SOON, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void atTheDeadlineWhoeverIsLeftIsCutOff() throws Exception {
        start("PT0S", "PT1S");
        String payload = "\"" + "x".repeat(12_000) + "\"";
        try (RawWebSocket stuck = RawWebSocket.openNarrow(goes);
                EventStream stream = EventStream.openNarrow(goes, "room=" + room);
                RawWebSocket publisher = RawWebSocket.open(goes)) {
            stuck.join(room);
            stream.next("room.joined");
            for (int i = 0; i < 900; i++) { // more than the kernel holds for who does not read
                publisher.publish(room, payload, ",\"echo\":false");
            }
            goes.process().destroy();
            // sooner than the 10 s that a client has to take its close
            assertThat(goes.process().waitFor(8, TimeUnit.SECONDS)).isTrue();
            assertThat(goes.log()).contains("not gone in time: 2");
            assertThat(publisher.next("reconnect").at("/data/after").asInt()).isZero();
            assertThat(publisher.end().code()).isEqualTo(1012);
        }
    }

    @Test
    void aNodeThatThereIsNotCannotBeDrained() {
        start("PT0S", "PT1S");
        for (String name : List.of("none", "GOES", "goes%20", "goe", "%C3%B6")) {
            Api.Reply reply = Api.post(stays, "/api/v1/nodes/" + name + "/drain", "");
            assertThat(reply.status()).as(name).isEqualTo(404);
            JsonNode problem = reply.body();
            assertThat(problem.get("code").asText()).isEqualTo("NOT_FOUND");
        }
        assertThat(draining(stays)).isEqualTo(Map.of("stays", false, "goes", false));
        assertThat(status(goes, "/readyz")).isEqualTo(200);
    }
}
