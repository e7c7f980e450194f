package dev.hubbub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.Graph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one connection asks about one room takes effect in order, whatever has to wait. */
class LinesTest {
    private static final ConnectionId ANN = new ConnectionId("ann");
    private static final RoomName ROOM = new RoomName("a");

    private final Graph graph =
            new Graph(Map.of("hubbub.limits.enabled", "true", "hubbub.limits.waiting-requests", "8"));
    private final Lines lines = new Lines(graph.sessions, graph.settings);
    private final List<String> begun = new ArrayList<>();

    @AfterEach
    void end() {
        graph.close();
    }

    private Supplier<CompletionStage<?>> step(String name, CompletionStage<?> stage) {
        return () -> {
            begun.add(name);
            return stage;
        };
    }

    @Test
    void whatIsDoneAtOnceWaitsForNothing() {
        lines.next(ANN, ROOM, Lines.Kind.JOIN, step("join", CompletableFuture.completedFuture(null)));
        lines.next(ANN, ROOM, Lines.Kind.OTHER, step("leave", CompletableFuture.completedFuture(null)));
        assertThat(begun).containsExactly("join", "leave");
    }

    @Test
    void aLeaveWaitsForTheJoinBeforeIt() {
        CompletableFuture<Void> joined = new CompletableFuture<>();
        lines.next(ANN, ROOM, Lines.Kind.JOIN, step("join", joined));
        lines.next(ANN, ROOM, Lines.Kind.OTHER, step("leave", new CompletableFuture<>()));
        lines.next(ANN, new RoomName("b"), Lines.Kind.OTHER, step("other room", new CompletableFuture<>()));
        lines.next(
                new ConnectionId("ben"), ROOM, Lines.Kind.OTHER, step("other connection", new CompletableFuture<>()));
        assertThat(begun).containsExactly("join", "other room", "other connection");
        joined.complete(null);
        assertThat(begun).last().isEqualTo("leave");
    }

    @Test
    void aFailureHoldsUpNothing() {
        CompletableFuture<Void> joined = new CompletableFuture<>();
        lines.next(ANN, ROOM, Lines.Kind.JOIN, step("join", joined));
        lines.next(ANN, ROOM, Lines.Kind.OTHER, step("leave", new CompletableFuture<>()));
        joined.completeExceptionally(new IllegalStateException("away"));
        assertThat(begun).containsExactly("join", "leave");
    }

    @Test
    void publishesBehindPublishesAreHandedOnAtOnceAndAJoinWaitsForAll() {
        CompletableFuture<Void> one = new CompletableFuture<>();
        CompletableFuture<Void> two = new CompletableFuture<>();
        lines.next(ANN, ROOM, Lines.Kind.PUBLISH, step("one", one));
        lines.next(ANN, ROOM, Lines.Kind.PUBLISH, step("two", two));
        lines.next(ANN, ROOM, Lines.Kind.JOIN, step("join", new CompletableFuture<>()));
        lines.next(ANN, ROOM, Lines.Kind.PUBLISH, step("three", new CompletableFuture<>()));
        assertThat(begun).containsExactly("one", "two");
        two.complete(null);
        assertThat(begun).containsExactly("one", "two");
        one.complete(null);
        assertThat(begun).containsExactly("one", "two", "join");
    }

    @Test
    void onlyWhoeverAsksToJoinMayBeAboutToBeInOneMoreRoom() {
        CompletableFuture<Void> read = new CompletableFuture<>();
        CompletableFuture<Void> joined = new CompletableFuture<>();
        lines.next(ANN, ROOM, Lines.Kind.OTHER, step("history", read));
        lines.next(ANN, new RoomName("b"), Lines.Kind.JOIN, step("join", joined));
        lines.next(ANN, new RoomName("b"), Lines.Kind.OTHER, step("leave", new CompletableFuture<>()));
        assertThat(lines.joining(ANN)).containsExactly(new RoomName("b"));
    }

    @Test
    void onlySoMuchOfAConnectionMayWait() {
        CompletableFuture<Void> joined = new CompletableFuture<>();
        CompletableFuture<Void> read = new CompletableFuture<>();
        RoomName second = new RoomName("b");
        lines.next(ANN, ROOM, Lines.Kind.JOIN, step("join", joined));
        lines.next(ANN, second, Lines.Kind.OTHER, step("history", read));
        for (int i = 0; i < 4; i++) {
            assertThat(lines.next(ANN, ROOM, Lines.Kind.PUBLISH, step("a" + i, new CompletableFuture<>())))
                    .isTrue();
            assertThat(lines.next(ANN, second, Lines.Kind.PUBLISH, step("b" + i, new CompletableFuture<>())))
                    .isTrue();
        }
        assertThat(lines.next(ANN, ROOM, Lines.Kind.OTHER, step("leave", new CompletableFuture<>())))
                .isFalse();
        assertThat(lines.next(ANN, new RoomName("c"), Lines.Kind.JOIN, step("c", new CompletableFuture<>())))
                .as("what waits for nothing")
                .isTrue();
        assertThat(lines.next(new ConnectionId("ben"), ROOM, Lines.Kind.JOIN, step("ben's", new CompletableFuture<>())))
                .as("another connection")
                .isTrue();
        read.complete(null); // b0 begins, and is still to be done before b1
        assertThat(lines.next(ANN, ROOM, Lines.Kind.OTHER, step("leave", new CompletableFuture<>())))
                .isTrue();
        assertThat(lines.next(ANN, ROOM, Lines.Kind.OTHER, step("again", new CompletableFuture<>())))
                .isFalse();
        assertThat(begun).containsExactly("join", "history", "c", "ben's", "b0");
    }
}
