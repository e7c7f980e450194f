package dev.hubbub.redis;

import dev.hubbub.cluster.PresenceStore.Page;
import dev.hubbub.config.RoomKind;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.StoredMember;
import dev.hubbub.protocol.UserId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The scripts of presence as methods: each makes one change of one room, and tells it on the room's channel. Every one
 * may run twice. Times are Redis's. Thread-safe; nothing blocks.
 */
final class PresenceScripts {
    private static final Script ENTER = Script.of("presence", "enter");
    private static final Script LEAVE = Script.of("presence", "leave");
    private static final Script UPDATE = Script.of("presence", "update");
    private static final Script LIST = Script.of("presence", "list");
    private static final Script DEPART = Script.of("presence", "depart");
    private static final Script EVICT = Script.of("presence", "evict");
    private static final Script AUDIT = Script.of("presence", "audit");
    /** For what is done in nobody's name. */
    private static final String NOBODY = "-";

    private static final String FIRST = "0";

    /** What a connection that entered is part of. */
    record Entered(long rev, Member member) {}

    /**
     * What a connection enters with.
     *
     * @param since negative where the user comes just now
     * @param firstStatus the user's status, where the user is new
     * @param status what the status becomes; null where it stays
     * @param knownRev the latest revision that this node heard of: where Redis lost it, revisions go on behind it
     */
    record Entry(
            ConnectionId conn,
            UserId user,
            @Nullable String name,
            long since,
            RawJson firstStatus,
            @Nullable RawJson status,
            long knownRev) {}

    /** What Redis has of an incarnation in a room. {@code nextDue} as everywhere. */
    record Listed(Set<String> nodes, Set<String> conns, long nextDue) {}

    private final RedisLink link;
    private final Settings settings;
    private final long graceMs;

    PresenceScripts(RedisLink link, Settings settings) {
        this.link = link;
        this.settings = settings;
        this.graceMs = settings.presence.graceMs();
    }

    private static List<String> keys(RoomName room, String incarnation) {
        return List.of(
                Keyspace.channel(room),
                Keyspace.head(room),
                Keyspace.log(room),
                Keyspace.users(room),
                Keyspace.names(room),
                Keyspace.leaving(room),
                Keyspace.nodes(room),
                Keyspace.conns(room, incarnation));
    }

    private CompletableFuture<List<Object>> run(Script script, RoomName room, String incarnation, Object... args) {
        return run(script, room, keys(room, incarnation), incarnation, args);
    }

    private CompletableFuture<List<Object>> run(
            Script script, RoomName room, List<String> keys, String incarnation, Object... args) {
        Object[] all = new Object[args.length + 5];
        all[0] = link.publishCommand();
        all[1] = Ids.epoch();
        all[2] = graceMs;
        all[3] = incarnation;
        System.arraycopy(args, 0, all, 4, args.length);
        all[args.length + 4] = settings.namespacePolicy(room.namespace()).kind() == RoomKind.EPHEMERAL ? "1" : "0";
        return link.run(script, keys, all);
    }

    /** @param former the incarnation under which the connection was listed before, or the same */
    CompletableFuture<Entered> enter(RoomName room, String incarnation, String former, Entry entry) {
        List<String> keys = Stream.concat(keys(room, incarnation).stream(), Stream.of(Keyspace.conns(room, former)))
                .toList();
        RawJson status = entry.status;
        return run(
                        ENTER,
                        room,
                        keys,
                        incarnation,
                        entry.conn,
                        entry.user,
                        StoredMember.name(entry.name),
                        entry.since < 0 ? "" : entry.since,
                        StoredMember.status(entry.firstStatus),
                        status == null ? "" : StoredMember.status(status),
                        entry.knownRev)
                .thenApply(reply -> new Entered(number(reply, 0), member(entry.user.value(), reply.get(1))));
    }

    /** Completes with in how many ms somebody's grace is over; negative where nobody is leaving. */
    CompletableFuture<Long> leave(RoomName room, String incarnation, ConnectionId conn, boolean atOnce) {
        return run(LEAVE, room, incarnation, conn, atOnce ? "1" : "0").thenApply(reply -> number(reply, 0));
    }

    CompletableFuture<Boolean> update(RoomName room, UserId user, RawJson status) {
        return run(UPDATE, room, NOBODY, user, StoredMember.status(status)).thenApply(reply -> number(reply, 0) == 1);
    }

    CompletableFuture<Page> list(RoomName room, @Nullable UserId after, int limit) {
        return run(LIST, room, NOBODY, after == null ? "" : after, limit).thenApply(reply -> {
            List<Member> members = new ArrayList<>(reply.size() / 2);
            UserId last = null;
            for (int i = 3; i + 1 < reply.size(); i += 2) {
                String user = RedisLink.text(reply.get(i));
                last = UserId.isValid(user) ? new UserId(user) : last;
                StoredMember.parse(user, RedisLink.bytes(reply.get(i + 1))).ifPresent(members::add); // else not ours
            }
            boolean more = number(reply, 2) == 1;
            return new Page(members, (int) number(reply, 0), number(reply, 1), more ? last : null);
        });
    }

    /** Lets those go who are due; a hundred, so that it may have to be done again at once. As {@link #leave}. */
    CompletableFuture<Long> depart(RoomName room) {
        return run(DEPART, room, NOBODY).thenApply(reply -> number(reply, 0));
    }

    /** Takes out all connections of a dead incarnation, step by step. As {@link #leave}. */
    CompletableFuture<Long> evict(RoomName room, String incarnation) {
        return evict(room, incarnation, FIRST);
    }

    private CompletableFuture<Long> evict(RoomName room, String incarnation, String cursor) {
        return evictSome(room, incarnation, cursor).thenCompose(reply -> {
            String next = RedisLink.text(reply.get(0));
            return next.equals(FIRST)
                    ? CompletableFuture.completedFuture(number(reply, 1))
                    : evict(room, incarnation, next);
        });
    }

    /** One step: the cursor of the next, and as {@link #leave}. */
    CompletableFuture<List<Object>> evictSome(RoomName room, String incarnation, String cursor) {
        return run(EVICT, room, incarnation, cursor);
    }

    /** Reads what an incarnation has in a room, step by step, and keeps the room's presence from expiring. */
    CompletableFuture<Listed> audit(RoomName room, String incarnation, long knownRev) {
        return audit(room, incarnation, knownRev, FIRST, new Listed(new HashSet<>(), new HashSet<>(), -1));
    }

    private CompletableFuture<Listed> audit(
            RoomName room, String incarnation, long knownRev, String cursor, Listed before) {
        return run(AUDIT, room, incarnation, cursor, knownRev).thenCompose(reply -> {
            int nodes = (int) number(reply, 2);
            reply.subList(3, 3 + nodes).forEach(node -> before.nodes.add(RedisLink.text(node)));
            reply.subList(3 + nodes, reply.size()).forEach(conn -> before.conns.add(RedisLink.text(conn)));
            Listed listed = new Listed(before.nodes, before.conns, number(reply, 1));
            String next = RedisLink.text(reply.get(0));
            return next.equals(FIRST)
                    ? CompletableFuture.completedFuture(listed)
                    : audit(room, incarnation, knownRev, next, listed);
        });
    }

    private static long number(List<Object> reply, int index) {
        return Long.parseLong(RedisLink.text(reply.get(index)));
    }

    static Member member(String user, Object json) {
        return StoredMember.parse(user, RedisLink.bytes(json))
                .orElseThrow(() -> new Note.Garbage("a member cannot be read"));
    }
}
