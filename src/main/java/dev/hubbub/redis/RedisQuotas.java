package dev.hubbub.redis;

import dev.hubbub.cluster.Quotas;
import dev.hubbub.cluster.Unavailable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places counted over all nodes: a quota is a map of the places that are taken to the incarnation that took each, so that
 * a command may run twice and a dead node's are known. Who takes one waits for Redis, a second at most, and is thrown
 * {@link dev.hubbub.cluster.Unavailable} where it does not answer; giving back neither waits nor throws. Thread-safe.
 */
@Singleton
public final class RedisQuotas implements Quotas {
    private static final Logger LOG = LoggerFactory.getLogger(RedisQuotas.class);
    /** What Redis keeps of a quota expires after a day: it is stated again well before. */
    private static final long RESTATE_MS = TimeUnit.HOURS.toMillis(6);
    /** When what failed is stated again. */
    private static final long REPAIR_MS = 30_000;

    private static final int ABREAST = 32;

    private static final Script TAKE = Script.of("quota-take");
    private static final Script GIVE = Script.of("quota-give");
    private static final Script STATE = Script.of("quota-state");

    /** This node's places of one quota. Guarded by the map's entry. */
    private static final class Places {
        private final ArrayDeque<String> places = new ArrayDeque<>(2);
        private final Turns turns = new Turns();
        private int commands;
        /** It is not known what Redis has. */
        private volatile boolean doubtful;
    }

    private final ConcurrentHashMap<String, Places> quotas = new ConcurrentHashMap<>();
    private final AtomicLong counter = new AtomicLong();
    private final RedisLink link;
    private final Lease lease;
    private final Held held;
    /** Places are named by the process that took them first. */
    private final String prefix;

    @Inject
    public RedisQuotas(RedisLink link, Lease lease, Held held) {
        this.link = link;
        this.lease = lease;
        this.held = held;
        prefix = Ids.secret(9) + ":";
        link.every(REPAIR_MS, this::repair);
        link.every(RESTATE_MS, () -> {
            var unused = restate();
        });
    }

    @Override
    public boolean take(String name, int limit) {
        if (!link.isHere()) {
            throw Unavailable.away();
        }
        String place = prefix + Long.toString(counter.incrementAndGet(), Character.MAX_RADIX);
        CompletableFuture<Boolean> taken = command(
                name,
                () -> held.held(Keyspace.QUOTA + name)
                        .thenCompose(incarnation -> link.run(TAKE, keys(name), incarnation, place, limit))
                        .thenApply(reply -> RedisLink.text(reply.get(0)).equals("1") && keep(name, place)));
        try {
            return Waiting.await(taken);
        } catch (RuntimeException e) {
            var unused = taken.whenComplete((took, failure) -> {
                if (failure != null || took) {
                    drop(name, place); // it may have been taken, and nobody has it
                }
            });
            throw e;
        }
    }

    private boolean keep(String name, String place) {
        quotas.computeIfPresent(name, (n, own) -> {
            own.places.add(place);
            return own;
        });
        return true;
    }

    private void drop(String name, String place) {
        quotas.computeIfPresent(name, (n, own) -> {
            own.places.remove(place);
            return own;
        });
        give(name, place);
    }

    @Override
    public void giveBack(String name) {
        AtomicReference<@Nullable String> last = new AtomicReference<>();
        quotas.computeIfPresent(name, (n, own) -> {
            last.set(own.places.poll());
            return own;
        });
        String place = last.get();
        if (place != null) {
            give(name, place);
        }
    }

    private void give(String name, String place) {
        var unused = command(name, () -> link.run(GIVE, keys(name), place));
    }

    private static List<String> keys(String name) {
        return List.of(Keyspace.quota(name));
    }

    /** Runs a command about a quota in its turn. The quota is known, and held, until there is nothing more about it. */
    private <T> CompletableFuture<T> command(String name, Supplier<CompletableFuture<T>> command) {
        Places places = quotas.compute(name, (n, before) -> {
            Places own = before;
            if (own == null) {
                own = new Places();
                var unused = held.hold(Keyspace.QUOTA + n);
            }
            own.commands++;
            return own;
        });
        return places.turns.then(command).whenComplete((result, failure) -> ended(name, failure));
    }

    private void ended(String name, @Nullable Throwable failure) {
        if (failure != null) {
            LOG.debug("a command about the quota {} failed", name, failure);
        }
        quotas.computeIfPresent(name, (n, own) -> {
            own.commands--;
            own.doubtful |= failure != null;
            if (own.commands > 0 || own.doubtful || !own.places.isEmpty()) {
                return own;
            }
            held.release(Keyspace.QUOTA + n);
            return null;
        });
    }

    /** States all places again, as under another incarnation. */
    CompletableFuture<?> restate() {
        return Abreast.each(link, List.copyOf(quotas.keySet()), ABREAST, this::restate);
    }

    private void repair() {
        if (link.isHere() && lease.isGranted()) {
            List<String> doubtful = quotas.entrySet().stream()
                    .filter(quota -> quota.getValue().doubtful)
                    .map(Map.Entry::getKey)
                    .toList();
            var unused = Abreast.each(link, doubtful, ABREAST, this::restate);
        }
    }

    private CompletableFuture<?> restate(String name) {
        return command(
                name,
                () -> held.held(Keyspace.QUOTA + name)
                        .thenCompose(incarnation -> link.run(STATE, keys(name), stated(name, incarnation)))
                        .thenAccept(reply -> quotas.computeIfPresent(name, (n, own) -> {
                            own.doubtful = false;
                            return own;
                        })));
    }

    /** The incarnation, and the places that it has. */
    private Object[] stated(String name, String incarnation) {
        List<Object> all = new ArrayList<>(List.of(incarnation));
        quotas.computeIfPresent(name, (n, own) -> {
            all.addAll(own.places);
            return own;
        });
        return all.toArray();
    }

    /** Gives back what a dead incarnation took; says how many places. */
    CompletableFuture<Long> evict(String name, String incarnation) {
        return link.run(STATE, keys(name), incarnation)
                .thenApply(reply -> Long.parseLong(RedisLink.text(reply.get(0))));
    }

    int count() {
        return quotas.size();
    }
}
