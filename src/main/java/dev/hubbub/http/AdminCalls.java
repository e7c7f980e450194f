package dev.hubbub.http;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.hubbub.access.Door;
import dev.hubbub.cluster.Nodes;
import dev.hubbub.cluster.Tickets;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.room.RoomSubscription;
import dev.hubbub.session.NodeName;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The calls about users, connections and nodes, for backends; and tickets, for users. */
@Singleton
public class AdminCalls {
    private final Sessions sessions;
    private final PublishCalls publish;
    private final NodeName node;
    private final Nodes nodes;
    private final Door door;

    @Inject
    public AdminCalls(Sessions sessions, PublishCalls publish, NodeName node, Nodes nodes, Door door) {
        this.sessions = sessions;
        this.publish = publish;
        this.node = node;
        this.nodes = nodes;
        this.door = door;
    }

    Answer ticket(Call call) {
        if (!call.request().getMethod().equals("POST")) {
            return Answer.refused(ErrorCode.NOT_FOUND, "there is no such call");
        }
        try {
            return Answer.json(200, Map.of("ticket", door.ticket(call.who()), "expiresInMs", Tickets.LIFE_MS));
        } catch (Unavailable e) {
            return Answer.refused(e.refusal());
        }
    }

    CompletionStage<Answer> answer(Call call) throws IOException, Call.Wrong {
        if (!call.who().isBackend()) {
            return completedFuture(Answer.refused(ErrorCode.PERMISSION_DENIED, "only backends may"));
        }
        String what = call.request().getMethod() + " " + call.part(0) + " "
                + call.path().size() + " " + call.part(2);
        if (what.equals("POST users 3 messages") && UserId.isValid(call.part(1))) {
            return publish.one(call, RoomName.ofUser(new UserId(call.part(1))));
        }
        if (what.equals("GET nodes 1 ")) {
            return nodes.list()
                    .thenApply(all -> Answer.json(
                            200,
                            Map.of(
                                    "items",
                                    all.stream().map(AdminCalls::described).toList())));
        }
        if (what.equals("POST users 3 disconnect")) {
            return disconnect(call.part(1));
        }
        return completedFuture(atOnce(call, what));
    }

    private Answer atOnce(Call call, String what) throws Call.Wrong {
        return switch (what) {
            case "POST users 3 messages" -> badUser();
            case "GET users 2 " -> user(call.part(1));
            case "GET connections 1 " -> connections(call);
            case "GET connections 2 " -> connection(call.part(1));
            case "DELETE connections 2 " -> close(call.part(1));
            case "POST nodes 3 drain" -> Answer.refused(ErrorCode.UNIMPLEMENTED, "draining is not there yet");
            default -> Answer.refused(ErrorCode.NOT_FOUND, "there is no such call");
        };
    }

    private static Answer badUser() {
        return Answer.refused(ErrorCode.INVALID_ARGUMENT, "user must be a user id");
    }

    private List<Session> of(String user) {
        return sessions.all().stream()
                .filter(s -> s.identity().user().value().equals(user))
                .sorted(Comparator.comparing((Session s) -> s.id().value()))
                .toList();
    }

    private Answer user(String user) {
        if (!UserId.isValid(user)) {
            return badUser();
        }
        List<Session> own = of(user);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("user", user);
        body.put("online", !own.isEmpty());
        body.put("connections", own.stream().map(s -> s.id().value()).toList());
        body.put(
                "rooms",
                own.stream()
                        .flatMap(s -> roomsOf(s).stream())
                        .distinct()
                        .sorted()
                        .toList());
        return Answer.json(200, body);
    }

    private CompletionStage<Answer> disconnect(String user) {
        if (!UserId.isValid(user)) {
            return completedFuture(badUser());
        }
        return nodes.disconnect(new UserId(user), "disconnected").thenApply(done -> Answer.empty(204));
    }

    private Answer connections(Call call) throws Call.Wrong {
        int limit = call.limit(100, 1000);
        String after = call.query("after");
        String user = call.query("user");
        List<Session> some = (user.isEmpty()
                        ? sessions.all().stream().sorted(Comparator.comparing((Session s) -> s.id().value()))
                        : of(user).stream())
                .filter(s -> s.id().value().compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("items", some.stream().limit(limit).map(this::described).toList());
        if (some.size() > limit) {
            body.put("next", some.get(limit - 1).id().value());
        }
        return Answer.json(200, body);
    }

    private Answer connection(String id) {
        Session session = sessions.find(new ConnectionId(id));
        return session == null ? unknown() : Answer.json(200, described(session));
    }

    private Answer close(String id) {
        @Nullable Session session = sessions.find(new ConnectionId(id));
        if (session == null) {
            return unknown();
        }
        session.close(CloseCode.FORBIDDEN, "closed by a backend");
        return Answer.empty(204);
    }

    private static Answer unknown() {
        return Answer.refused(ErrorCode.NOT_FOUND, "there is no such connection");
    }

    private Map<String, Object> described(Session session) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("conn", session.id().value());
        body.put("user", session.identity().user().value());
        body.put("node", node.value());
        body.put("since", session.openedAt());
        body.put("rooms", roomsOf(session));
        return body;
    }

    private static List<String> roomsOf(Session session) {
        return session.sources().stream()
                .filter(RoomSubscription.class::isInstance)
                .map(s -> s.name())
                .toList();
    }

    private static Map<String, Object> described(Nodes.Node node) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("node", node.name());
        body.put("connections", node.connections());
        body.put("rooms", node.rooms());
        body.put("draining", false);
        return body;
    }
}
