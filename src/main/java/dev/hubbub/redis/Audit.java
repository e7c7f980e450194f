package dev.hubbub.redis;

import dev.hubbub.cluster.Unavailable;
import dev.hubbub.cluster.Upkeep;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what this node has with what Redis has of it, after each return of Redis, under each new incarnation (which a
 * Redis that lost everything leads to), where something failed, and else room by room within the hour: states again what is missing, takes off what is too much, and evicts whoever is listed in its rooms and has
 * no lease. It also keeps what is listed from expiring. Nothing blocks.
 */
@Singleton
public class Audit implements Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);
    private static final long EVERY_MS = 30_000;
    /** A room of which nothing is in doubt has its turn every so many passes: an idle member costs Redis nothing to speak of. */
    private static final int TURNS = 120;

    /** For the names, and for each room: one that takes longer goes on beside the pass, and is looked at again in the next. */
    private static final long STEP_MS = 10_000;

    private static final int ROOMS_ABREAST = 8;
    private static final int CONNECTIONS_ABREAST = 16;

    private final RedisLink link;
    private final Lease lease;
    private final Held held;
    private final RedisQuotas quotas;
    private final RedisOccupancy occupancy;
    private final PresenceScripts scripts;
    private final OwnMembers own;
    private final Departures departures;
    private final long everyMs;
    private final int turns;
    /** Whether the next pass takes all rooms, since Redis was away or the incarnation is new. */
    private final AtomicBoolean all = new AtomicBoolean();
    /** Of the pass under way. */
    private volatile int turn;

    /** How often it was asked for since the pass under way began, itself included; 0 while none is. */
    private final AtomicInteger asked = new AtomicInteger();

    @Inject
    public Audit(
            RedisLink link,
            Lease lease,
            Held held,
            RedisPresenceStore store,
            RedisQuotas quotas,
            RedisOccupancy occupancy) {
        this(link, lease, held, store, quotas, occupancy, EVERY_MS, TURNS);
    }

    /** For tests, which have no time. */
    Audit(
            RedisLink link,
            Lease lease,
            Held held,
            RedisPresenceStore store,
            RedisQuotas quotas,
            RedisOccupancy occupancy,
            long everyMs,
            int turns) {
        this.link = link;
        this.lease = lease;
        this.held = held;
        this.quotas = quotas;
        this.occupancy = occupancy;
        scripts = store.scripts();
        own = store.own();
        departures = store.departures();
        this.everyMs = everyMs;
        this.turns = turns;
    }

    @Override
    public void begin() {
        link.every(everyMs, this::run);
        link.onReturn(this::runAll);
        lease.onGrant(this::moved);
    }

    /** Everything is to be under the new incarnation. */
    private void moved() {
        var unused = lease.granted()
                .thenCompose(held::move)
                .whenComplete((done, failure) -> runAll())
                .handle((done, failure) -> true) // what fails below is in doubt, and stated once more
                .thenCompose(done -> CompletableFuture.allOf(quotas.restate(), occupancy.restate()))
                .whenComplete((done, failure) -> logged(failure));
    }

    private static void logged(Throwable failure) {
        if (failure != null) {
            LOG.debug("what this node has was not stated again; the next audit will", failure);
        }
    }

    /** Begins a pass, or another one behind the one under way. */
    void run() {
        if (link.isHere() && lease.isGranted() && asked.getAndIncrement() == 0) {
            pass();
        }
    }

    private void runAll() {
        all.set(true);
        run();
    }

    private void pass() {
        asked.set(1);
        boolean whole = all.getAndSet(false);
        turn = (turn + 1) % turns;
        // also where it fails before there is a stage
        var unused = CompletableFuture.completedFuture(whole)
                .thenCompose(this::pass)
                .whenCompleteAsync(
                        (done, failure) -> {
                            logged(failure);
                            if (failure != null && whole) {
                                all.set(true); // the next one goes on
                            }
                            if (asked.addAndGet(-1) > 0) {
                                pass();
                            }
                        },
                        link.thread());
    }

    private CompletableFuture<Boolean> pass(boolean whole) {
        List<OwnRoom> rooms =
                own.rooms().stream().filter(room -> whole || isDue(room)).toList();
        Set<String> living = ConcurrentHashMap.newKeySet();
        return lease.granted().thenCompose(incarnation -> {
            living.add(incarnation);
            CompletableFuture<?> names = whole || turn == 0 ? names() : CompletableFuture.completedFuture(true);
            return names.handle((done, failure) -> true) // rooms do not wait for what they are held under
                    .thenCompose(done ->
                            Abreast.each(link, rooms, ROOMS_ABREAST, room -> orDoubtful(room, incarnation, living)))
                    .thenCombine(names, (done, stated) -> true);
        });
    }

    private CompletableFuture<?> names() {
        return held.audit().copy().orTimeout(STEP_MS, TimeUnit.MILLISECONDS);
    }

    private boolean isDue(OwnRoom room) {
        return room.isDoubtful() || Math.floorMod(room.name().hashCode(), turns) == turn;
    }

    /** A room whose Redis is away does not make the pass fail for all: the next one takes it again. */
    private CompletableFuture<?> orDoubtful(OwnRoom room, String incarnation, Set<String> living) {
        if (!lease.isMine(incarnation)) {
            return CompletableFuture.failedFuture(
                    Unavailable.away()); // all is stated under another one behind this pass
        }
        CompletableFuture<?> audited = room(room, incarnation, living);
        return audited.copy().orTimeout(STEP_MS, TimeUnit.MILLISECONDS).handle((done, failure) -> {
            if (failure != null) {
                LOG.debug("{} was not audited; the next audit tries again", room.name(), failure);
                room.failed();
            }
            return failure == null;
        });
    }

    private CompletableFuture<?> room(OwnRoom room, String incarnation, Set<String> living) {
        int failures = room.failures();
        return scripts.audit(room.name(), incarnation, room.rev())
                .thenCompose(listed -> {
                    departures.heard(room.name(), listed.nextDue());
                    return Abreast.each(
                                    link,
                                    room.ghosts(listed.conns()),
                                    CONNECTIONS_ABREAST,
                                    ghost -> own.unlist(room, incarnation, ghost))
                            .thenCompose(done -> Abreast.each(
                                    link, room.missing(listed.conns(), incarnation), CONNECTIONS_ABREAST, own::restate))
                            .thenCompose(done -> evict(room, listed.nodes(), living));
                })
                .thenRun(() -> own.audited(room, failures));
    }

    /** Those who are listed in a room had a lease before. */
    private CompletableFuture<?> evict(OwnRoom room, Set<String> nodes, Set<String> living) {
        Set<String> unknown = new HashSet<>(nodes);
        unknown.removeAll(living);
        if (unknown.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return lease.dead(unknown).thenCompose(dead -> {
            unknown.removeAll(dead);
            living.addAll(unknown);
            return Abreast.each(
                    link,
                    dead,
                    1,
                    incarnation -> scripts.evict(room.name(), incarnation)
                            .thenAccept(next -> departures.answer(room.name(), next)));
        });
    }
}
