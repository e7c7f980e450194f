package dev.hubbub.redis;

import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.connection.ConnectionManager;
import org.redisson.connection.MasterSlaveEntry;

/**
 * The Redis among which rooms are spread: one, or the masters of a Cluster as the driver knows them. Not to be asked before
 * the driver has met a Cluster, since it would wait for it. Thread-safe.
 */
final class Masters {
    /** Keys that are tried to find one of each master. */
    private static final int TRIES = 10_000;

    private final boolean sharded;
    private final RedissonClient client;
    private final Executor thread;
    private final Clock clock;
    private final Map<MasterSlaveEntry, Master> masters = new ConcurrentHashMap<>();
    /** The only one; on a Cluster whoever has the slots that no master has. */
    private final Master alone;

    Masters(boolean sharded, RedissonClient client, Executor thread, Clock clock) {
        this.sharded = sharded;
        this.client = client;
        this.thread = thread;
        this.clock = clock;
        alone = new Master(false, thread, clock);
    }

    /** Whether rooms are spread over many. */
    boolean areMany() {
        return sharded;
    }

    /** Whether the only one is here. */
    void onlyOne(boolean here) {
        if (!sharded) {
            var unused = alone.here(here);
        }
    }

    Master of(String key) {
        if (!sharded) {
            return alone;
        }
        ConnectionManager manager = manager();
        MasterSlaveEntry entry = manager.getEntry(manager.calcSlot(key));
        return entry == null ? alone : masters.computeIfAbsent(entry, e -> new Master(true, thread, clock));
    }

    Collection<Master> all() {
        return sharded ? masters.values() : List.of(alone);
    }

    int count() {
        return Math.max(1, all().size());
    }

    int away() {
        return sharded
                ? (int) masters.values().stream()
                        .filter(master -> !master.isHere())
                        .count()
                : 0;
    }

    /** A key of each master of a Cluster; those that the Cluster has no longer are forgotten, and what waits for them is refused. */
    Map<Master, String> keys() {
        Set<MasterSlaveEntry> entries = Set.copyOf(manager().getEntrySet());
        masters.forEach((entry, master) -> {
            if (!entries.contains(entry) && masters.remove(entry, master)) {
                var unused = master.here(false);
                master.refuseLate(0);
            }
        });
        Map<Master, String> keys = new HashMap<>();
        for (int i = 0; i < TRIES && keys.size() < entries.size(); i++) {
            String key = Keyspace.probe(String.valueOf(i));
            Master master = of(key);
            if (master != alone) {
                keys.putIfAbsent(master, key);
            }
        }
        return keys;
    }

    private ConnectionManager manager() {
        return ((Redisson) client).getCommandExecutor().getConnectionManager();
    }
}
