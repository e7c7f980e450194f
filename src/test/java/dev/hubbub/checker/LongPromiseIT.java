package dev.hubbub.checker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Harm at random for as long as one likes: {@code -Dchecker.minutes}. Each round has clients and rooms of its own, and
 * is judged by itself.
 */
@Tag("long")
class LongPromiseIT {
    private static final int NODES = 3;
    private static final Duration ROUND = Duration.ofSeconds(120);

    private final long seed = Promise.seed();
    private final Random random = new Random(seed);
    private final long minutes = Long.getLong("checker.minutes", 10);
    private int rounds;

    private void round(Cluster cluster, List<Function<Random, Fault>> kinds) {
        round(cluster, kinds, List.of("one:" + rounds, "two:" + rounds, "brief:" + rounds));
    }

    /** @param rooms the last of which keeps few messages */
    private void round(Cluster cluster, List<Function<Random, Fault>> kinds, List<String> rooms) {
        rounds++;
        Experiment experiment =
                new Experiment(cluster.ports(), rooms, Map.of(rooms.get(2), Cluster.BRIEF), random.nextLong());
        try (experiment) {
            experiment.begin(18, 6, 6, 2);
            Nemesis nemesis = new Nemesis(experiment.recorder());
            nemesis.rage(kinds, ROUND, random);
            Promise.isKept(experiment.end(nemesis.losses()), seed);
        }
    }

    private static List<Function<Random, Fault>> harmToNodes(Cluster cluster) {
        return List.of(r -> cluster.kill(r.nextInt(NODES)), r -> cluster.pause(r.nextInt(NODES)));
    }

    private static List<Function<Random, Fault>> with(
            List<Function<Random, Fault>> some, List<Function<Random, Fault>> more) {
        List<Function<Random, Fault>> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    @Test
    void overOneRedis() {
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos() / 2;
        try (OneRedis redis = new OneRedis(NODES);
                Cluster cluster = Cluster.start(NODES, redis::options)) {
            List<Function<Random, Fault>> keeping = with(
                    harmToNodes(cluster),
                    List.of(
                            r -> redis.loseSubscriptions(),
                            r -> redis.loseConnections(),
                            r -> redis.cut(r.nextInt(NODES)),
                            r -> redis.hold(r.nextInt(NODES)),
                            r -> redis.restart()));
            List<Function<Random, Fault>> losing = with(keeping, List.of(r -> redis.restartWithoutData()));
            while (System.nanoTime() < end) {
                round(cluster, rounds % 3 == 2 ? losing : keeping);
            }
        }
    }

    @Test
    void overSentinels() {
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos() / 4;
        try (Sentinels redis = new Sentinels();
                Cluster cluster = Cluster.start(NODES, i -> redis.options())) {
            List<Function<Random, Fault>> kinds =
                    with(harmToNodes(cluster), List.of(r -> redis.failover(), r -> redis.killMaster()));
            while (System.nanoTime() < end) {
                round(cluster, kinds);
            }
        }
    }

    @Test
    void overACluster() {
        long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos() / 4;
        try (ShardedRedis redis = new ShardedRedis();
                Cluster cluster = Cluster.start(NODES, i -> redis.options())) {
            List<Function<Random, Fault>> keeping = with(
                    harmToNodes(cluster),
                    List.of(
                            r -> redis.loseSubscriptions(r.nextInt(redis.size())),
                            r -> redis.loseConnections(r.nextInt(redis.size())),
                            r -> redis.failover(r.nextInt(redis.size()))));
            List<Function<Random, Fault>> losing = with(keeping, List.of(r -> redis.kill(r.nextInt(redis.size()))));
            while (System.nanoTime() < end) {
                List<String> rooms = List.of(
                        redis.room("one:" + rounds, 0),
                        redis.room("two:" + rounds, 1),
                        redis.room("brief:" + rounds, 2));
                round(cluster, rounds % 2 == 1 ? keeping : losing, rooms);
            }
        }
    }
}
