package dev.hubbub.http;

import dev.hubbub.access.Permissions;
import dev.hubbub.access.Permissions.Action;
import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Body;
import dev.hubbub.protocol.BodyDecoder;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HistoryFrames;
import dev.hubbub.protocol.PresenceFrames;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.Sender;
import dev.hubbub.protocol.UserId;
import dev.hubbub.room.Room;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls about rooms: publish, read, list, look into one. */
@Singleton
public class RoomCalls {
    private static final ConnectionId HTTP = new ConnectionId("http");

    private final Rooms rooms;
    private final PresenceStore presence;
    private final Permissions permissions;
    private final Settings.Limits limits;
    private final BodyDecoder decoder;

    @Inject
    public RoomCalls(Rooms rooms, PresenceStore presence, Permissions permissions, Settings settings) {
        this.rooms = rooms;
        this.presence = presence;
        this.permissions = permissions;
        this.limits = settings.limits;
        this.decoder = new BodyDecoder(limits.jsonDepth());
    }

    Answer answer(Call call) throws IOException, Call.Wrong {
        String method = call.request().getMethod();
        String what = method + " " + call.path().size() + " " + call.part(2);
        if (call.path().size() > 1 && !RoomName.isValid(call.part(1))) {
            return Answer.refused(ErrorCode.INVALID_ARGUMENT, "room is not a room's name");
        }
        return switch (what) {
            case "GET 1 " -> list(call);
            case "GET 2 " -> one(call, new RoomName(call.part(1)));
            case "POST 3 messages" -> publish(call, new RoomName(call.part(1)));
            case "GET 3 messages" -> history(call, new RoomName(call.part(1)));
            case "GET 3 members" -> members(call, new RoomName(call.part(1)));
            case "DELETE 4 members" -> kick(call, new RoomName(call.part(1)));
            default -> Answer.refused(ErrorCode.NOT_FOUND, "there is no such call");
        };
    }

    private Answer list(Call call) throws Call.Wrong {
        if (!call.who().isBackend()) {
            return Answer.refused(ErrorCode.PERMISSION_DENIED, "only backends list rooms");
        }
        int limit = call.limit(100, 1000);
        List<Room> some = rooms.list(call.query("prefix"), call.query("after"), limit + 1);
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("items", some.stream().limit(limit).map(this::described).toList());
        if (some.size() > limit) {
            body.put("next", some.get(limit - 1).name().value());
        }
        return Answer.json(200, body);
    }

    private Answer one(Call call, RoomName name) {
        Refusal refusal = permissions.check(call.who(), Action.READ, name);
        if (refusal != null) {
            return Answer.refused(refusal);
        }
        Room room = rooms.find(name);
        return room == null
                ? Answer.refused(ErrorCode.NOT_FOUND, "the room does not live now")
                : Answer.json(200, described(room));
    }

    private Map<String, Object> described(Room room) {
        PresenceStore.Page page =
                presence.list(room.name(), null, 1).toCompletableFuture().join();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("room", room.name().value());
        body.put("epoch", room.epoch());
        body.put("seq", room.head().seq());
        body.put("rev", page.rev());
        body.put("count", page.count());
        body.put("connections", room.connections());
        return body;
    }

    private Answer publish(Call call, RoomName room) throws IOException, Call.Wrong {
        String key = call.request().getHeader("Idempotency-Key");
        if (key != null && (key.isEmpty() || key.length() > 128)) {
            return Answer.refused(ErrorCode.INVALID_ARGUMENT, "Idempotency-Key must be 1 to 128 characters");
        }
        BodyDecoder.Item item = decoder.one(room.value(), call.body(limits.messageBytes()));
        if (item.body() != null && item.body().ephemeral() && key != null) {
            return Answer.refused(ErrorCode.INVALID_ARGUMENT, "an ephemeral message takes no Idempotency-Key");
        }
        PublishOutcome outcome = publish(call.who(), item, key);
        if (outcome instanceof PublishOutcome.Accepted accepted) {
            return Answer.json(accepted.repeated() ? 200 : 201, accepted(room.value(), accepted));
        }
        return Answer.refused(((PublishOutcome.Refused) outcome).refusal());
    }

    private PublishOutcome publish(Identity who, BodyDecoder.Item item, @Nullable String key) {
        Body body = item.body();
        Refusal refusal = body == null ? item.refusal() : null;
        if (refusal == null && !RoomName.isValid(item.room())) {
            refusal = Refusal.invalid("room is not a room's name");
        }
        if (refusal == null) {
            refusal = permissions.check(who, Action.PUBLISH, new RoomName(item.room()));
        }
        if (refusal != null || body == null) {
            return new PublishOutcome.Refused(refusal == null ? Refusal.invalid("payload is missing") : refusal);
        }
        Sender from = new Sender(who.user(), HTTP, who.name());
        return rooms.publish(new RoomName(item.room()), new Publication(body, from, key, true))
                .toCompletableFuture()
                .join();
    }

    private static Map<String, Object> accepted(String room, PublishOutcome.Accepted accepted) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("room", room);
        body.put("epoch", accepted.place().epoch());
        if (accepted.place().seq() > 0) {
            body.put("seq", accepted.place().seq());
        }
        body.put("ts", accepted.ts());
        return body;
    }

    /** Many messages in one request: each is answered for itself, in the order asked. */
    Answer publishMany(Call call) throws IOException, Call.Wrong {
        if (!call.request().getMethod().equals("POST") || call.path().size() > 1) {
            return Answer.refused(ErrorCode.NOT_FOUND, "there is no such call");
        }
        List<BodyDecoder.Item> items = decoder.many(call.body(largestBatch()));
        if (items.size() == 1 && items.get(0).room().isEmpty() && items.get(0).refusal() != null) {
            return Answer.refused(items.get(0).refusal());
        }
        List<Map<String, Object>> answers = new ArrayList<>(items.size());
        for (BodyDecoder.Item item : items) {
            PublishOutcome outcome = publish(call.who(), item, null);
            answers.add(
                    outcome instanceof PublishOutcome.Accepted accepted
                            ? accepted(item.room(), accepted)
                            : Map.of("room", item.room(), "error", error((PublishOutcome.Refused) outcome)));
        }
        return Answer.json(200, Map.of("items", answers));
    }

    private int largestBatch() {
        return (int) Math.min(Integer.MAX_VALUE / 2, (long) limits.messageBytes() * BodyDecoder.MOST);
    }

    private static Map<String, Object> error(PublishOutcome.Refused refused) {
        return Map.of(
                "code",
                refused.refusal().code().name(),
                "message",
                refused.refusal().message());
    }

    private Answer history(Call call, RoomName room) throws Call.Wrong {
        Refusal refusal = permissions.check(call.who(), Action.READ, room);
        if (refusal != null) {
            return Answer.refused(refusal);
        }
        if (call.place("since") != null && call.place("before") != null) {
            return Answer.refused(ErrorCode.INVALID_ARGUMENT, "since and before do not go together");
        }
        Rooms.HistoryPage page = rooms.history(room, call.place("since"), call.place("before"), call.limit(50, 1000));
        if (page.refusal() != null || page.range() == null) {
            return Answer.refused(page.refusal() == null ? Refusal.invalid("no such range") : page.refusal());
        }
        return Answer.raw(HistoryFrames.body(
                page.messages(),
                page.range().head(),
                page.range().first(),
                page.range().truncated()));
    }

    private Answer members(Call call, RoomName room) throws Call.Wrong {
        Refusal refusal = permissions.check(call.who(), Action.READ, room);
        if (refusal != null) {
            return Answer.refused(refusal);
        }
        if (!rooms.hasPresence(room)) {
            return Answer.refused(ErrorCode.FAILED_PRECONDITION, "the room has no presence");
        }
        String after = call.query("after");
        if (!after.isEmpty() && !UserId.isValid(after)) {
            return Answer.refused(ErrorCode.INVALID_ARGUMENT, "after must be a user id");
        }
        PresenceStore.Page page = presence.list(room, after.isEmpty() ? null : new UserId(after), call.limit(100, 1000))
                .toCompletableFuture()
                .join();
        return Answer.raw(PresenceFrames.items(page.members(), page.count(), page.rev(), page.next()));
    }

    private Answer kick(Call call, RoomName room) {
        if (!call.who().isBackend()) {
            return Answer.refused(ErrorCode.PERMISSION_DENIED, "only backends kick");
        }
        if (room.isUserRoom()) {
            return Answer.refused(ErrorCode.FAILED_PRECONDITION, "nobody leaves a user's own room");
        }
        if (!call.query("banMs").isEmpty()) {
            return Answer.refused(ErrorCode.UNIMPLEMENTED, "bans come with authentication");
        }
        if (!UserId.isValid(call.part(3))) {
            return Answer.refused(ErrorCode.INVALID_ARGUMENT, "user must be a user id");
        }
        int removed = rooms.remove(room, new UserId(call.part(3)), "kicked");
        return removed == 0 ? Answer.refused(ErrorCode.NOT_FOUND, "the user is not in the room") : Answer.empty(204);
    }

    /** Publishes to a user's own room. */
    Answer publishToUser(Call call, UserId user) throws IOException, Call.Wrong {
        return publish(call, RoomName.ofUser(user));
    }
}
