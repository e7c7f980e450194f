package dev.hubbub.http;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.hubbub.access.Permissions;
import dev.hubbub.access.Refusals;
import dev.hubbub.cluster.Directory;
import dev.hubbub.cluster.Directory.Use;
import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.Sanctions;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.HistoryFrames;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.PresenceFrames;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.room.Histories;
import dev.hubbub.room.Permanence;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.Action;
import dev.hubbub.session.Area;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** The calls about rooms: read, list, look into one, remove a member. */
@Singleton
public class RoomCalls {
    /** Names, and what names begin with. */
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9_.@|~:-]{0,128}");

    /** A ban of a year. */
    private static final long MOST_BAN_MS = 366L * 86_400_000;

    private final Rooms rooms;
    private final Directory directory;
    private final Histories histories;
    private final PresenceStore presence;
    private final Permissions permissions;
    private final Permanence permanence;
    private final PublishCalls publish;
    private final Sanctions sanctions;
    private final Refusals refusals;

    @Inject
    public RoomCalls(
            Rooms rooms,
            Directory directory,
            Histories histories,
            PresenceStore presence,
            Permissions permissions,
            Permanence permanence,
            PublishCalls publish,
            Sanctions sanctions,
            Refusals refusals) {
        this.rooms = rooms;
        this.directory = directory;
        this.histories = histories;
        this.presence = presence;
        this.permissions = permissions;
        this.permanence = permanence;
        this.publish = publish;
        this.sanctions = sanctions;
        this.refusals = refusals;
    }

    CompletionStage<Answer> answer(Call call) throws IOException, Call.Wrong {
        String method = call.request().getMethod();
        String what = method + " " + call.path().size() + " " + call.part(2);
        if (call.path().size() > 1 && !RoomName.isValid(call.part(1))) {
            throw new Call.Wrong("room is not a room's name");
        }
        return switch (what) {
            case "GET 1 " -> list(call);
            case "GET 2 " -> one(call, new RoomName(call.part(1)));
            case "POST 3 messages" -> publish.one(call, new RoomName(call.part(1)));
            case "GET 3 messages" -> history(call, new RoomName(call.part(1)));
            case "GET 3 members" -> members(call, new RoomName(call.part(1)));
            case "DELETE 4 members" -> kick(call, new RoomName(call.part(1)));
            default -> completedFuture(Answer.refused(ErrorCode.NOT_FOUND, "there is no such call"));
        };
    }

    private CompletionStage<Answer> list(Call call) throws Call.Wrong {
        Refusal lacking = permissions.check(call.who(), Area.ROOMS);
        if (lacking != null) {
            return completedFuture(Answer.refused(lacking));
        }
        int limit = call.limit(100, 1000);
        String prefix = call.query("prefix");
        String after = call.query("after");
        if (!PREFIX.matcher(prefix).matches() || !PREFIX.matcher(after).matches()) {
            throw new Call.Wrong("prefix and after must be the beginning of a room's name");
        }
        return directory.rooms(prefix, after, limit).thenCompose(part -> {
            List<CompletableFuture<Map<String, Object>>> items = part.items().stream()
                    .map(use -> described(use).toCompletableFuture())
                    .toList();
            return CompletableFuture.allOf(items.toArray(CompletableFuture[]::new))
                    .thenApply(all -> Parts.page(
                            part,
                            use -> use.room().value(),
                            items.stream().map(CompletableFuture::join).toList()));
        });
    }

    private CompletionStage<Answer> one(Call call, RoomName name) {
        return ifAllowed(call, Action.PRESENCE, name, () -> describe(name));
    }

    /** A call about a room, where whoever makes it may. */
    private CompletionStage<Answer> ifAllowed(
            Call call, Action action, RoomName room, Supplier<CompletionStage<Answer>> what) {
        return permissions
                .check(call.who(), action, room)
                .thenCompose(refusal -> refusal == null ? what.get() : completedFuture(Answer.refused(refusal)));
    }

    private CompletionStage<Answer> describe(RoomName name) {
        return directory
                .room(name)
                .thenCompose(part -> part.items().isEmpty()
                        ? completedFuture(Parts.missing("room in use", part))
                        : described(part.items().get(0)).thenApply(body -> {
                            Parts.unanswered(body, part);
                            return Answer.json(200, body);
                        }));
    }

    private CompletionStage<Map<String, Object>> described(Use use) {
        return presence.list(use.room(), null, 1).thenApply(page -> {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("room", use.room().value());
            body.put("epoch", use.epoch());
            body.put("seq", use.seq());
            body.put("rev", page.rev());
            body.put("count", page.count());
            body.put("connections", use.connections());
            return body;
        });
    }

    private CompletionStage<Answer> history(Call call, RoomName room) throws Call.Wrong {
        Place since = call.place("since");
        Place before = call.place("before");
        int limit = call.limit(50, 1000);
        if (since != null && before != null) {
            throw new Call.Wrong("since and before do not go together");
        }
        return ifAllowed(
                call,
                Action.HISTORY,
                room,
                () -> histories
                        .page(room, since, before, limit)
                        .thenApply(page -> page.range() == null
                                ? Answer.refused(
                                        page.refusal() == null ? Refusal.invalid("no such range") : page.refusal())
                                : Answer.raw(HistoryFrames.body(
                                        page.messages(),
                                        page.range().head(),
                                        page.range().first(),
                                        page.range().truncated()))));
    }

    private CompletionStage<Answer> members(Call call, RoomName room) throws Call.Wrong {
        int limit = call.limit(100, 1000);
        String after = call.query("after");
        if (!after.isEmpty() && !UserId.isValid(after)) {
            throw new Call.Wrong("after must be a user id");
        }
        UserId last = after.isEmpty() ? null : new UserId(after);
        return ifAllowed(
                call,
                Action.PRESENCE,
                room,
                () -> rooms.hasPresence(room)
                        ? presence.list(room, last, limit)
                                .thenApply(page -> Answer.raw(
                                        PresenceFrames.items(page.members(), page.count(), page.rev(), page.next())))
                        : completedFuture(Answer.refused(ErrorCode.FAILED_PRECONDITION, "the room has no presence")));
    }

    /** Out of the room now, and kept out for {@code banMs} where that is asked for; 0 lets back in whoever was kept out. */
    private CompletionStage<Answer> kick(Call call, RoomName room) throws Call.Wrong {
        long banMs = call.number("banMs", -1, MOST_BAN_MS);
        if (!UserId.isValid(call.part(3))) {
            throw new Call.Wrong("user must be a user id");
        }
        UserId user = new UserId(call.part(3));
        return ifAllowed(call, Action.KICK, room, () -> {
            Refusal refusal = permissions.checkRemoval(call.who(), user, banMs > 0);
            if (refusal != null) {
                return completedFuture(Answer.refused(refusal));
            }
            if (room.isUserRoom()) {
                return completedFuture(
                        Answer.refused(ErrorCode.FAILED_PRECONDITION, "nobody leaves a user's own room"));
            }
            if (banMs < 0) { // no member first: whoever comes back at once is not put into it again
                return permanence
                        .end(room, user)
                        .thenCompose(ended -> sanctions.kick(room, user))
                        .thenApply(kicked -> Answer.empty(204));
            }
            return sanctions.ban(room, user, banMs).thenCompose(done -> {
                if (!done) {
                    return completedFuture(tooManyBans(call, room));
                }
                return banMs == 0
                        ? completedFuture(Answer.empty(204))
                        : permanence.end(room, user).thenApply(ended -> Answer.empty(204));
            });
        });
    }

    /** Without a time to come again: it helps to lift a ban, and not to wait. */
    private Answer tooManyBans(Call call, RoomName room) {
        refusals.count(Refusals.Reason.BANS, call.who().user() + " in " + room);
        return Answer.refused(
                ErrorCode.RESOURCE_EXHAUSTED, "the room has as many bans as it may: lift one, or remove without a ban");
    }
}
