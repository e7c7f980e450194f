package dev.hubbub.http;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.hubbub.access.Entrance;
import dev.hubbub.access.Permissions;
import dev.hubbub.cluster.Directory;
import dev.hubbub.cluster.Directory.Connection;
import dev.hubbub.cluster.LastSeen;
import dev.hubbub.cluster.Nodes;
import dev.hubbub.cluster.Sanctions;
import dev.hubbub.cluster.Tickets;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Area;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The calls about users, connections and nodes, for backends; and tickets, for users. */
@Singleton
public class AdminCalls {
    /** Of one page, and of one user. */
    private static final int MOST = 1_000;

    private final Directory directory;
    private final LastSeen lastSeen;
    private final PublishCalls publish;
    private final Nodes nodes;
    private final Entrance entrance;
    private final Sanctions sanctions;
    private final Permissions permissions;

    @Inject
    public AdminCalls(
            Directory directory,
            LastSeen lastSeen,
            PublishCalls publish,
            Nodes nodes,
            Entrance entrance,
            Sanctions sanctions,
            Permissions permissions) {
        this.directory = directory;
        this.lastSeen = lastSeen;
        this.publish = publish;
        this.nodes = nodes;
        this.entrance = entrance;
        this.sanctions = sanctions;
        this.permissions = permissions;
    }

    Answer ticket(Call call) {
        if (!call.request().getMethod().equals("POST")) {
            return Answer.refused(ErrorCode.NOT_FOUND, "there is no such call");
        }
        Refusal refusal = entrance.checkTicket(call.who(), call.address());
        if (refusal != null) {
            return Answer.refused(refusal);
        }
        try {
            return Answer.json(
                    200,
                    Map.of(
                            "ticket",
                            entrance.ticket(call.who(), call.request().getHeader("Origin")),
                            "expiresInMs",
                            Tickets.LIFE_MS));
        } catch (Unavailable e) {
            return Answer.refused(e.refusal());
        }
    }

    CompletionStage<Answer> answer(Call call) throws IOException, Call.Wrong {
        String what = call.request().getMethod() + " " + call.part(0) + " "
                + call.path().size() + " " + call.part(2);
        if (what.equals("POST users 3 messages")) { // a publish as any other
            return UserId.isValid(call.part(1))
                    ? publish.one(call, RoomName.ofUser(new UserId(call.part(1))))
                    : completedFuture(badUser());
        }
        Area area = call.part(0).equals("nodes") ? Area.NODES : Area.USERS;
        Refusal lacking = permissions.check(call.who(), area);
        if (lacking != null) {
            return completedFuture(Answer.refused(lacking));
        }
        return switch (what) {
            case "POST users 3 disconnect" -> disconnect(call.part(1));
            case "GET nodes 1 " -> nodes.list().thenApply(AdminCalls::listed);
            case "GET users 2 " -> user(call.part(1));
            case "GET connections 1 " -> connections(call);
            case "GET connections 2 " -> connection(call.part(1), found -> json(described(found)));
            case "DELETE connections 2 " -> connection(call.part(1), this::close);
            case "POST nodes 3 drain" ->
                nodes.drain(call.part(1)).thenApply(found -> found ? Answer.empty(202) : Parts.unknown("node"));
            default -> completedFuture(Answer.refused(ErrorCode.NOT_FOUND, "there is no such call"));
        };
    }

    private static Answer badUser() {
        return Answer.refused(ErrorCode.INVALID_ARGUMENT, "user must be a user id");
    }

    private static CompletionStage<Answer> json(Map<String, Object> body) {
        return completedFuture(Answer.json(200, body));
    }

    private CompletionStage<Answer> user(String name) {
        if (!UserId.isValid(name)) {
            return completedFuture(badUser());
        }
        UserId user = new UserId(name);
        return directory.connections(user, "", MOST).thenCompose(own -> {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("user", name);
            body.put("online", !own.items().isEmpty());
            body.put(
                    "connections",
                    own.items().stream().map(AdminCalls::described).toList());
            body.put(
                    "rooms",
                    own.items().stream()
                            .flatMap(c -> c.rooms().stream())
                            .map(RoomName::value)
                            .distinct()
                            .sorted()
                            .toList());
            Parts.unanswered(body, own);
            return own.items().isEmpty() ? lastSeen(user, body) : json(body);
        });
    }

    private CompletionStage<Answer> lastSeen(UserId user, Map<String, Object> body) {
        return lastSeen.find(user).thenCompose(at -> {
            at.ifPresent(ms -> body.put("lastSeen", ms));
            return json(body);
        });
    }

    /** Who cannot be kept out for good is taken out all the same, and whoever asks is told to ask again. */
    private CompletionStage<Answer> disconnect(String user) {
        if (!UserId.isValid(user)) {
            return completedFuture(badUser());
        }
        UserId who = new UserId(user);
        return sanctions
                .revoke(who)
                .handle((revoked, failure) -> failure == null ? null : Unavailable.refusal(failure))
                .thenCompose(refusal -> nodes.disconnect(who, "disconnected")
                        .thenApply(done -> refusal == null ? Answer.empty(204) : Answer.refused(refusal)));
    }

    private CompletionStage<Answer> connections(Call call) throws Call.Wrong {
        int limit = call.limit(100, MOST);
        String after = call.query("after");
        String user = call.query("user");
        if (!user.isEmpty() && !UserId.isValid(user)) {
            return completedFuture(badUser());
        }
        if (!after.isEmpty() && !ConnectionId.isValid(after)) {
            throw new Call.Wrong("after must be a connection's id");
        }
        return directory
                .connections(user.isEmpty() ? null : new UserId(user), after, limit)
                .thenApply(part -> Parts.page(
                        part,
                        c -> c.conn().value(),
                        part.items().stream().map(AdminCalls::described).toList()));
    }

    /** What is answered of a connection, wherever it is. */
    private CompletionStage<Answer> connection(String id, Function<Connection, CompletionStage<Answer>> found) {
        if (!ConnectionId.isValid(id)) {
            return completedFuture(Parts.unknown("connection"));
        }
        return directory
                .connection(new ConnectionId(id))
                .thenCompose(part -> part.items().isEmpty()
                        ? completedFuture(Parts.missing("connection", part))
                        : found.apply(part.items().get(0)));
    }

    private CompletionStage<Answer> close(Connection connection) {
        return directory.close(connection.conn(), "closed by a backend").thenApply(done -> Answer.empty(204));
    }

    private static Map<String, Object> described(Connection connection) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("conn", connection.conn().value());
        body.put("user", connection.user().value());
        body.put("node", connection.node());
        body.put("since", connection.since());
        body.put("rooms", connection.rooms().stream().map(RoomName::value).toList());
        return body;
    }

    private static Answer listed(List<Nodes.Node> all) {
        return Answer.json(
                200, Map.of("items", all.stream().map(AdminCalls::described).toList()));
    }

    private static Map<String, Object> described(Nodes.Node node) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("node", node.name());
        body.put("connections", node.connections());
        body.put("rooms", node.rooms());
        body.put("draining", node.draining());
        return body;
    }
}
