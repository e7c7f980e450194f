package dev.hubbub.redis;

import dev.hubbub.cluster.SanctionList;
import dev.hubbub.cluster.Sanctions;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.cluster.Upkeep;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sanctions in one hash, with the name of the latest change: every node has all of them in memory, hears of each on
 * the channel of all nodes, and reads all where it missed one. Beside it a sorted set for each room counts its bans. A Redis that has lost them is told again by whoever knows.
 * Until a node has read them, nobody's credentials are known to be good there.
 */
@Singleton
public class RedisSanctions implements Sanctions, Upkeep {
    private static final long EVERY_MS = 3_000;
    /** Names in one command. */
    private static final int STEP = 500;
    /** Where there are too many, those that are over are taken off once in so long. */
    private static final long PURGE_MS = 60_000;

    private static final List<String> KEYS = List.of(Keyspace.SANCTIONS);
    private static final Script SET = Script.of("sanction-set");
    private static final Script READ = Script.of("sanction-read");
    private static final Script RESTATE = Script.of("sanction-restate");

    private final RedisLink link;
    private final Calls calls;
    private final SanctionList list;
    private final long revocationMs;
    private final Clock clock;
    private final AtomicLong purgedAt = new AtomicLong(Long.MIN_VALUE / 2);
    private final int bansPerRoom;
    private final long everyMs;
    private final Rounds rounds = new Rounds(this::compare);
    /** The change up to which this node knows; empty before it was read. Guarded by this. */
    private String known = "";

    private volatile boolean isKnown;

    @Inject
    public RedisSanctions(RedisLink link, Calls calls, Settings settings, Clock clock) {
        this(link, calls, settings, clock, EVERY_MS);
    }

    /** @param everyMs how often it is looked whether some were missed */
    RedisSanctions(RedisLink link, Calls calls, Settings settings, Clock clock, long everyMs) {
        this.link = link;
        this.calls = calls;
        this.clock = clock;
        this.revocationMs = settings.access.jwt().longestLifeMs();
        this.bansPerRoom = settings.limits.bansPerRoom();
        this.everyMs = everyMs;
        this.list = new SanctionList(clock, revocationMs);
        calls.hear('s', this::heard);
    }

    @Override
    public void begin() {
        link.every(everyMs, this::look);
        link.onReturn(this::look);
        look();
    }

    private void look() {
        list.expire();
        if (link.isHere()) {
            var unused = calls.listen().thenCompose(heard -> rounds.ask());
        }
    }

    private void heard(Note note) {
        String name = new String(note.body(), StandardCharsets.UTF_8);
        if (!SanctionList.isName(name)) {
            throw new Note.Garbage("no sanction");
        }
        boolean isNext;
        synchronized (this) {
            isNext = note.field(0).equals(known);
            if (isNext) {
                known = note.field(1);
                list.set(name, note.number(2));
            }
        }
        if (!isNext) {
            look();
        }
    }

    /** How many changes led to one. */
    private static long number(String change) {
        int colon = change.indexOf(':');
        return colon < 0 ? -1 : Note.number(change.substring(0, colon));
    }

    private CompletableFuture<Boolean> compare() {
        String asked;
        synchronized (this) {
            asked = known;
        }
        return link.run(READ, KEYS, asked, revocationMs, SanctionList.KICK_MS)
                .thenCompose(reply -> compared(asked, reply));
    }

    private CompletableFuture<Boolean> compared(String asked, List<Object> reply) {
        String there = RedisLink.text(reply.get(0));
        Map<String, Long> all = new HashMap<>();
        for (int i = 1; i + 1 < reply.size(); i += 2) {
            String name = RedisLink.text(reply.get(i));
            if (SanctionList.isName(name)) {
                all.put(name, Note.number(RedisLink.text(reply.get(i + 1))));
            }
        }
        synchronized (this) {
            if (!asked.equals(known)) {
                return CompletableFuture.completedFuture(true); // something was heard meanwhile
            }
            if (!there.equals(known)) {
                if (number(there) <= number(known)) {
                    return restate(); // Redis has lost some, and may have got others since
                }
                list.replace(all);
                known = there;
            }
        }
        isKnown = true;
        return CompletableFuture.completedFuture(false);
    }

    /** Then it is compared again. */
    private CompletableFuture<Boolean> restate() {
        List<CompletableFuture<?>> steps = new ArrayList<>();
        List<String> keys = new ArrayList<>(KEYS);
        List<Object> args = new ArrayList<>(List.of(number(known), Ids.secret(6)));
        for (Map.Entry<String, Long> one : list.lasting().entrySet()) {
            keys.add(bansOf(one.getKey()));
            args.add(one.getKey());
            args.add(one.getValue());
            if (keys.size() > STEP) {
                steps.add(link.run(RESTATE, keys, args.toArray()));
                keys = new ArrayList<>(KEYS);
                args = new ArrayList<>(List.of(number(known), Ids.secret(6)));
            }
        }
        steps.add(link.run(RESTATE, keys, args.toArray()));
        return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new)).thenApply(done -> true);
    }

    /** Where a sanction is counted if it is a ban; the key of all of them if it is none. */
    private static String bansOf(String name) {
        return SanctionList.room(name).map(Keyspace::bans).orElse(Keyspace.SANCTIONS);
    }

    /** @throws Unavailable where this node has not read them yet */
    private void mustBeKnown() {
        if (!isKnown) {
            throw Unavailable.away();
        }
    }

    @Override
    public boolean isRevoked(UserId user, long issuedAt) {
        mustBeKnown();
        return list.isRevoked(user, issuedAt);
    }

    @Override
    public boolean isBanned(RoomName room, UserId user) {
        return list.isBanned(room, user); // whoever asks was let in, and so after they were known
    }

    @Override
    public void onRemove(Remover remover) {
        list.onRemove(remover);
    }

    @Override
    public CompletionStage<?> kick(RoomName room, UserId user) {
        return set(List.of(Keyspace.SANCTIONS, Keyspace.KICKS), SanctionList.kick(room, user), "now");
    }

    @Override
    public CompletionStage<?> revoke(UserId user) {
        return set(KEYS, SanctionList.revocation(user), "now");
    }

    @Override
    public CompletionStage<Boolean> ban(RoomName room, UserId user, long forMs) {
        return set(
                List.of(Keyspace.SANCTIONS, Keyspace.bans(room)), SanctionList.ban(room, user), Long.toString(forMs));
    }

    /** Completes once this node knows as well. */
    private CompletionStage<Boolean> set(List<String> keys, String name, String time) {
        return link.orUnavailable(link.run(
                        SET, keys, name, time, Keyspace.CALLS, MOST, Ids.secret(6), bansPerRoom, SanctionList.KICK_MS)
                .thenCompose(reply -> switch (RedisLink.text(reply.get(0))) {
                    case "SET" -> rounds.ask().thenApply(known -> true);
                    case "ROOM_FULL" -> CompletableFuture.completedFuture(false);
                    default ->
                        mayPurge()
                                ? link.run(READ, KEYS, "", revocationMs, SanctionList.KICK_MS)
                                        .thenCompose(left -> set(keys, name, time))
                                : CompletableFuture.failedFuture(Unavailable.tooManySanctions());
                }));
    }

    /** Whether those that are over may be looked for: that reads all. */
    private boolean mayPurge() {
        long now = clock.millis();
        long before = purgedAt.get();
        return now - before >= PURGE_MS && purgedAt.compareAndSet(before, now);
    }
}
