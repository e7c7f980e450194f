package dev.hubbub.redis;

import dev.hubbub.cluster.Upkeep;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sweeps up behind nodes that died: every 2 s, one node at a time, looks for leases that lapsed and evicts everything that
 * those incarnations held. Each is swept once more after a minute, for a command that was still on its way; until then
 * what it held is kept, so that a sweeper may die as well. Nothing blocks.
 */
@Singleton
public class Sweeper implements Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final long EVERY_MS = 2_000;
    private static final long AGAIN_MS = 60_000;
    /** For how long others leave it to one that has begun, and may have died. */
    private static final long MOST_MS = 10_000;

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
            var unused = next().whenComplete((done, failure) -> {
                sweeping.set(false);
                if (failure != null) {
                    LOG.debug("a sweep failed; the next goes on", failure);
                }
            });
        }
    }

    /** Sweeps one incarnation after the other, until there is none. */
    private CompletableFuture<?> next() {
        List<String> keys = List.of(Keyspace.LEASES, Keyspace.DEAD, Keyspace.SWEPT, Keyspace.SWEEPER);
        return link.run(SWEEP, keys, name, MOST_MS).thenCompose(reply -> {
            if (reply.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            String dead = RedisLink.text(reply.get(0));
            return sweep(dead, FIRST).thenCompose(done -> swept(dead)).thenCompose(done -> next());
        });
    }

    private CompletableFuture<Void> sweep(String dead, String cursor) {
        return link.run(HELD, List.of(Keyspace.held(dead)), cursor).thenCompose(reply -> {
            String next = RedisLink.text(reply.get(0));
            List<String> names = reply.stream().skip(1).map(RedisLink::text).toList();
            CompletableFuture<Void> evicted = Abreast.each(link, names, ABREAST, held -> evict(held, dead));
            return next.equals(FIRST) ? evicted : evicted.thenCompose(done -> sweep(dead, next));
        });
    }

    private CompletableFuture<?> evict(String held, String dead) {
        CompletableFuture<?> evicted;
        if (held.startsWith(Keyspace.QUOTA)) {
            String quota = held.substring(Keyspace.QUOTA.length());
            evicted = quotas.evict(quota, dead).thenAccept(places -> gone(quota, places));
        } else if (held.startsWith(Keyspace.OCCUPIED) && RoomName.isValid(held.substring(1))) {
            evicted = occupancy.evict(new RoomName(held.substring(1)), dead);
        } else if (RoomName.isValid(held)) {
            RoomName room = new RoomName(held);
            evicted = scripts.evict(room, dead).thenAccept(next -> departures.answer(room, next));
        } else {
            return CompletableFuture.completedFuture(null); // none of ours
        }
        return evicted.exceptionallyCompose(failure -> {
            if (Failures.isAway(failure)) {
                return CompletableFuture.failedFuture(failure);
            }
            LOG.warn("nobody could be evicted from {}", held, failure); // the others must not wait for this one
            return CompletableFuture.completedFuture(null);
        });
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

    private CompletableFuture<?> swept(String dead) {
        List<String> keys = List.of(Keyspace.DEAD, Keyspace.SWEPT, Keyspace.SWEEPER);
        return link.run(SWEPT, keys, dead, againMs, name).thenCompose(reply -> {
            boolean last = RedisLink.text(reply.get(0)).equals("1");
            LOG.info("swept up behind {}{}", dead, last ? " once more" : "");
            return last ? link.run(DISCARD, List.of(Keyspace.held(dead))) : CompletableFuture.completedFuture(null);
        });
    }
}
