package dev.hubbub.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.access.AnonymousIds;
import dev.hubbub.access.Caps;
import dev.hubbub.access.EntryPace;
import dev.hubbub.access.EntryThreads;
import dev.hubbub.access.LoginDeadlines;
import dev.hubbub.access.Refusals;
import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.InMemoryQuotas;
import dev.hubbub.spi.RoomAuthorizer;
import dev.hubbub.support.Graph;
import jakarta.websocket.CloseReason;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A client that logs in by message, of which a team's own code decides late. */
class LateLoginTest {
    private static final Map<String, String> OPTIONS =
            Map.of("hubbub.auth.anonymous-secret", "a-secret-of-tests-that-is-long-enough-to-be-one");

    private final CompletableFuture<RoomAuthorizer.Decision> decision = new CompletableFuture<>();
    private final CompletableFuture<Boolean> asked = new CompletableFuture<>();
    private final Graph graph = new Graph(OPTIONS, List.of(this::decide), null);
    private final List<Integer> closes = new CopyOnWriteArrayList<>();
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final Map<Class<?>, MessageHandler> handlers = new HashMap<>();
    private final Caps caps = new Caps(
            new InMemoryQuotas(),
            new ClusterHealth(graph.clock),
            graph.settings,
            new Refusals(graph.clock),
            new EntryPace(graph.settings, new Refusals(graph.clock)));
    private final Visitor visitor = new Visitor(null, caps.take("192.0.2.1"));
    private final Session connection = fake(Session.class);
    private final RemoteEndpoint.Async remote = fake(RemoteEndpoint.Async.class);
    private final RoomEndpoint endpoint = new RoomEndpoint(new Gateway(
            graph.dispatcher,
            graph.openings,
            graph.sessions,
            graph.settings,
            graph.entrance,
            new LoginDeadlines(graph.settings, graph.clock),
            new EntryThreads(graph.settings),
            new Refusals(graph.clock)));

    private CompletableFuture<RoomAuthorizer.Decision> decide(RoomAuthorizer.Question question) {
        asked.complete(true);
        return decision;
    }

    private <T> T fake(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (p, method, args) -> {
            switch (method.getName()) {
                case "close" ->
                    closes.add(((CloseReason) args[0]).getCloseCode().getCode());
                case "sendText" -> texts.add((String) args[0]);
                case "addMessageHandler" -> handlers.put((Class<?>) args[0], (MessageHandler) args[1]);
                default -> {}
            }
            return switch (method.getName()) {
                case "getUserPrincipal" -> visitor;
                case "getAsyncRemote" -> this.remote;
                default -> null;
            };
        }));
    }

    @BeforeEach
    void logIn() {
        endpoint.onOpen(connection, fake(EndpointConfig.class));
        String token = new AnonymousIds(graph.settings, graph.clock).issue();
        text("{\"type\":\"auth.login\",\"id\":\"1\",\"data\":{\"token\":\"" + token + "\"}}");
        asked.join();
    }

    @AfterEach
    void end() {
        graph.close();
    }

    @SuppressWarnings("unchecked") // as it was registered
    private void text(String text) {
        ((MessageHandler.Whole<String>) handlers.get(String.class)).onMessage(text);
    }

    @SuppressWarnings("unchecked") // as it was registered
    private void binary() {
        ((MessageHandler.Partial<ByteBuffer>) handlers.get(ByteBuffer.class)).onMessage(ByteBuffer.allocate(1), true);
    }

    private void decided() {
        decision.complete(RoomAuthorizer.Decision.ALLOW);
    }

    private void gone() {
        endpoint.onClose(connection, new CloseReason(CloseReason.CloseCodes.CLOSED_ABNORMALLY, ""));
    }

    @Test
    void whoIsLetInLateIsInAndNobodyIsOnceItHasGone() {
        decided();
        Awaitility.await().until(() -> !texts.isEmpty());
        assertThat(texts.get(0)).contains("session.opened");
        assertThat(graph.sessions.count()).isEqualTo(1);
        gone();
        assertThat(graph.sessions.count()).isZero();
        assertThat(closes).isEmpty();
    }

    @Test
    void aConnectionThatHasGoneMeanwhileHasNoSession() {
        gone();
        decided();
        Awaitility.await().during(Duration.ofMillis(200)).until(() -> graph.sessions.count() == 0);
        assertThat(texts).isEmpty();
    }

    @Test
    void whoSpeaksOnMeanwhileIsClosedOnceWithoutAnAnswer() {
        for (int i = 0; i < 10; i++) {
            text("{\"type\":\"ping\",\"id\":\"2\"}");
        }
        binary();
        assertThat(closes).containsExactly(1008);
        decided();
        Awaitility.await().during(Duration.ofMillis(200)).until(() -> graph.sessions.count() == 0);
        assertThat(texts).isEmpty();
        gone();
    }

    @Test
    void aBinaryMessageMeanwhileIsRefusedToo() {
        binary();
        assertThat(closes).containsExactly(1003);
    }
}
