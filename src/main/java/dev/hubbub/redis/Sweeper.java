package dev.hubbub.redis;

import dev.hubbub.cluster.Upkeep;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps up behind nodes that died: every 2 s, one node at a time, looks for leases that lapsed and evicts everything that
 * those incarnations held. Each is swept once more after a minute, for a command that was still on its way; until then
 * what it held is kept, so that a sweeper may die as well. What cannot be evicted now, since its Redis is away, keeps neither
 * the rest nor other incarnations waiting: the next round tries it again. Nothing blocks.
 */
@Singleton
public class Sweeper implements Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final long EVERY_MS = 2_000;
    private static final long AGAIN_MS = 60_000;
    /** For how long others leave it to one that has begun, and may have died. */
    private static final long MOST_MS = 10_000;

    /** For reading some names, and for each of them: one that takes longer is tried again, and goes on from where it was. */
    private static final long STEP_MS = 3_000;

    private static final int ABREAST = 16;
    private static final String FIRST = "0";
    private static final Script SWEEP = Script.of("sweep");
    private static final Script SWEPT = Script.of("swept");
    private static final Script HELD = Script.of("held");
    private static final Script DISCARD = Script.of("discard");

    private final RedisLink link;
    private final Lease lease;
    private final RedisQuotas quotas;
    private final RedisOccupancy occupancy;
    private final RedisLastSeen seen;
    private final PresenceScripts scripts;
    private final Departures departures;
    private final String name;
    private final long everyMs;
    private final long againMs;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    /** What the last round could not evict, by what was to be swept. Of the round under way. */
    private Map<Dead, Set<String>> left = Map.of();

    /** @param again whether it is swept once more */
    private record Dead(String incarnation, boolean again) {}

    @Inject
    public Sweeper(
            RedisLink link,
            Lease lease,
            RedisPresenceStore store,
            RedisQuotas quotas,
            RedisOccupancy occupancy,
            RedisLastSeen seen) {
        this(link, lease, store, quotas, occupancy, seen, EVERY_MS, AGAIN_MS);
    }

    /** For tests, which have no time. */
    Sweeper(
            RedisLink link,
            Lease lease,
            RedisPresenceStore store,
            RedisQuotas quotas,
            RedisOccupancy occupancy,
            RedisLastSeen seen,
            long everyMs,
            long againMs) {
        this.link = link;
        this.lease = lease;
        this.quotas = quotas;
        this.occupancy = occupancy;
        this.seen = seen;
        this.againMs = againMs;
        scripts = store.scripts();
        departures = store.departures();
        name = Ids.secret(9);
        this.everyMs = everyMs;
    }

    @Override
    public void begin() {
        link.every(everyMs, this::run);
    }

    private void run() {
        if (link.isHere() && lease.isGranted() && sweeping.compareAndSet(false, true)) {
            Map<Dead, Set<String>> leaving = new ConcurrentHashMap<>();
            // also where it fails before there is a stage
            var begun = CompletableFuture.completedFuture(leaving).thenCompose(begin -> next(List.of(), leaving));
            var unused = begun.whenComplete((done, failure) -> {
                left = leaving;
                sweeping.set(false);
                if (failure != null) {
                    LOG.debug("a sweep failed; the next goes on", failure);
                }
            });
        }
    }

    /** Sweeps one incarnation after the other, until there is none that this round has not had. */
    private CompletableFuture<?> next(List<String> had, Map<Dead, Set<String>> leaving) {
        List<String> keys = List.of(Keyspace.LEASES, Keyspace.DEAD, Keyspace.SWEPT, Keyspace.SWEEPER);
        Object[] args = Stream.concat(Stream.of(name, MOST_MS), had.stream()).toArray();
        return link.run(SWEEP, keys, args).thenCompose(reply -> {
            if (reply.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            Dead dead = new Dead(
                    RedisLink.text(reply.get(0)), RedisLink.text(reply.get(1)).equals("1"));
            List<String> now =
                    Stream.concat(had.stream(), Stream.of(dead.incarnation)).toList();
            return sweep(dead, leaving)
                    .exceptionally(failure -> {
                        LOG.debug("{} was not swept up behind; the next round tries again", dead.incarnation, failure);
                        return null;
                    })
                    .thenCompose(done -> next(now, leaving));
        });
    }

    private CompletableFuture<@Nullable Void> sweep(Dead dead, Map<Dead, Set<String>> leaving) {
        Set<String> failed = ConcurrentHashMap.newKeySet();
        Set<String> before = left.get(dead);
        CompletableFuture<Void> evicted = before == null ? page(dead, FIRST, failed) : evict(before, dead, failed);
        return evicted.thenCompose(done -> {
            if (failed.isEmpty()) {
                return swept(dead.incarnation);
            }
            leaving.put(dead, failed);
            return CompletableFuture.completedFuture(null);
        });
    }

    private CompletableFuture<Void> page(Dead dead, String cursor, Set<String> failed) {
        return link.run(HELD, List.of(Keyspace.held(dead.incarnation)), cursor)
                .orTimeout(STEP_MS, TimeUnit.MILLISECONDS)
                .thenCompose(reply -> {
                    String next = RedisLink.text(reply.get(0));
                    List<String> names =
                            reply.stream().skip(1).map(RedisLink::text).toList();
                    CompletableFuture<Void> evicted = evict(names, dead, failed);
                    return next.equals(FIRST) ? evicted : evicted.thenCompose(done -> page(dead, next, failed));
                });
    }

    private CompletableFuture<Void> evict(Collection<String> names, Dead dead, Set<String> failed) {
        return Abreast.each(
                link,
                names,
                ABREAST,
                held -> evict(held, dead.incarnation)
                        .orTimeout(STEP_MS, TimeUnit.MILLISECONDS)
                        .exceptionally(failure -> {
                            Throwable cause = Failures.cause(failure);
                            if (cause instanceof TimeoutException || Failures.isAway(cause)) {
                                failed.add(held);
                            } else {
                                LOG.warn("nobody could be evicted from {}", held, cause); // and no round can
                            }
                            return null;
                        }));
    }

    private CompletableFuture<@Nullable Void> evict(String held, String dead) {
        CompletableFuture<@Nullable Void> evicted;
        if (held.startsWith(Keyspace.QUOTA)) {
            String quota = held.substring(Keyspace.QUOTA.length());
            evicted = quotas.evict(quota, dead).thenAccept(places -> gone(quota, places));
        } else if (held.startsWith(Keyspace.OCCUPIED) && RoomName.isValid(held.substring(1))) {
            evicted = occupancy.evict(new RoomName(held.substring(1)), dead).thenAccept(done -> {});
        } else if (RoomName.isValid(held)) {
            RoomName room = new RoomName(held);
            evicted = scripts.evict(room, dead).thenAccept(next -> departures.answer(room, next));
        } else {
            return CompletableFuture.completedFuture(null); // none of ours
        }
        return evicted;
    }

    /** A user's connections are counted: so it is known whose died with the node, of which nobody heard that they ended. */
    private void gone(String quota, long places) {
        if (places > 0 && RoomName.isValid(quota) && new RoomName(quota).isUserRoom()) {
            String user = quota.substring(quota.indexOf(':') + 1);
            if (UserId.isValid(user)) {
                seen.gone(new UserId(user));
            }
        }
    }

    private CompletableFuture<@Nullable Void> swept(String dead) {
        List<String> keys = List.of(Keyspace.DEAD, Keyspace.SWEPT, Keyspace.SWEEPER);
        return link.run(SWEPT, keys, dead, againMs, name)
                .thenCompose(reply -> {
                    boolean last = RedisLink.text(reply.get(0)).equals("1");
                    LOG.info("swept up behind {}{}", dead, last ? " once more" : "");
                    return last
                            ? link.run(DISCARD, List.of(Keyspace.held(dead)))
                            : CompletableFuture.completedFuture(reply);
                })
                .thenAccept(done -> {});
    }
}
