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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Sanctions in one hash, with the name of the latest change: every node has all of them in memory, hears of each on
 * the channel of all nodes, and reads all where it missed one. Beside it a sorted set for each room counts its bans. A Redis that has lost them is told again by whoever knows. All of that goes
 * step by step: a million in one script would hold up Redis for longer than a node takes it to be there. Until a node has read them, nobody's credentials are known to be good there.
 */
@Singleton
public class RedisSanctions implements Sanctions, Upkeep {
    private static final long EVERY_MS = 3_000;
    private static final List<String> KEYS = List.of(Keyspace.SANCTIONS);
    private static final Script SET = Script.of("sanction-set");
    private static final Script READ = Script.of("sanction-page", "sanction-read");

    private final RedisLink link;
    private final Calls calls;
    private final SanctionList list;
    private final SanctionPurge purge;
    private final long revocationMs;
    private final int bansPerRoom;
    private final long everyMs;
    private final Rounds rounds = new Rounds(this::compare);
    /** The change up to which this node knows; empty before it was read. Guarded by this. */
    private String known = "";
    /** The one under way. Guarded by this. */
    private @Nullable SanctionReading reading;

    private volatile boolean isKnown;

    @Inject
    public RedisSanctions(RedisLink link, Calls calls, Settings settings, Clock clock) {
        this(link, calls, settings, clock, EVERY_MS);
    }

    /** @param everyMs how often it is looked whether some were missed */
    RedisSanctions(RedisLink link, Calls calls, Settings settings, Clock clock, long everyMs) {
        this.link = link;
        this.calls = calls;
        this.revocationMs = settings.access.jwt().longestLifeMs();
        this.bansPerRoom = settings.limits.bansPerRoom();
        this.everyMs = everyMs;
        this.list = new SanctionList(clock, revocationMs);
        this.purge = new SanctionPurge(link, clock, revocationMs);
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
        ask();
    }

    private void ask() {
        if (link.isHere()) {
            var unused = calls.listen().thenCompose(heard -> rounds.ask());
        }
    }

    private void heard(Note note) {
        String name = new String(note.body(), StandardCharsets.UTF_8);
        if (!SanctionList.isName(name)) {
            throw new Note.Garbage("no sanction");
        }
        SanctionReading.Change change = new SanctionReading.Change(note.field(0), note.field(1), name, note.number(2));
        if (!isTaken(change)) {
            ask();
        }
    }

    private synchronized boolean isTaken(SanctionReading.Change change) {
        boolean isNext = change.before().equals(known);
        if (isNext) {
            known = change.change();
            list.set(change.name(), change.time());
        } else if (reading != null) {
            reading.heard(change);
        }
        return isNext;
    }

    /** One page, and whether there is more to do. */
    private CompletableFuture<Boolean> compare() {
        // also where it fails before there is a stage
        return CompletableFuture.completedFuture(begun())
                .thenCompose(own -> link.run(
                                READ,
                                KEYS,
                                own.cursor(),
                                SanctionReading.PAGE,
                                revocationMs,
                                SanctionList.KICK_MS,
                                own.known())
                        .thenCompose(reply -> goOn(took(own, reply))))
                .whenComplete((more, failure) -> {
                    if (failure != null) {
                        over();
                    }
                });
    }

    private synchronized SanctionReading begun() {
        SanctionReading own = reading == null ? new SanctionReading(known) : reading;
        reading = own;
        return own;
    }

    private synchronized void over() {
        reading = null;
    }

    private synchronized SanctionReading.Found took(SanctionReading own, List<Object> reply) {
        SanctionReading.Found found = own.took(reply, known);
        if (found == SanctionReading.Found.MORE) {
            return found;
        }
        over();
        if (found == SanctionReading.Found.ALL) {
            list.replace(own.all());
            known = own.change();
            isKnown = true;
        }
        return found;
    }

    private CompletableFuture<Boolean> goOn(SanctionReading.Found found) {
        return switch (found) {
            case KNOWN, ALL -> CompletableFuture.completedFuture(false);
            case MORE, TORN -> CompletableFuture.completedFuture(true);
            case LOST ->
                new SanctionStatement(link)
                        .of(list.lasting(), SanctionReading.number(known()))
                        .thenApply(stated -> true); // and compared again
        };
    }

    private synchronized String known() {
        return known;
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
                        SET,
                        keys,
                        name,
                        time,
                        Keyspace.CALLS,
                        MOST,
                        Ids.secret(6),
                        bansPerRoom,
                        SanctionList.KICK_MS,
                        known())
                .thenCompose(reply -> switch (RedisLink.text(reply.get(0))) {
                    case "SET" -> rounds.ask().thenApply(known -> true);
                    case "LOST" -> rounds.ask().thenCompose(stated -> set(keys, name, time));
                    case "ROOM_FULL" -> CompletableFuture.completedFuture(false);
                    default ->
                        purge.makeRoom()
                                .thenCompose(hasRoom -> hasRoom
                                        ? set(keys, name, time)
                                        : CompletableFuture.failedFuture(Unavailable.tooManySanctions()));
                }));
    }
}
