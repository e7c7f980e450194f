package dev.hubbub.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three nodes over one Redis, and each harm that can come to them, once. */
@Tag("alone")
class ClusterPromiseIT {
    private static final int NODES = 3;
    private static OneRedis redis;
    private static Cluster cluster;

    private final long seed = Promise.seed();
    private final Random random = new Random(seed);

    @BeforeAll
    static void start() {
        redis = new OneRedis(NODES);
        cluster = Cluster.start(NODES, redis::options);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
        redis.close();
    }

    private int anyNode() {
        return random.nextInt(NODES);
    }

    private Experiment experiment(String name) {
        return new Experiment(
                cluster.ports(),
                List.of(name + ":one", name + ":two", "brief:" + name),
                Map.of("brief:" + name, Cluster.BRIEF),
                seed);
    }

    @Test
    void nothingIsMissingNorResetWhileRedisKeepsItsData() {
        try (Experiment experiment = experiment("kept").begin(18, 6, 6, 2)) {
            Nemesis nemesis = new Nemesis(experiment.recorder());
            nemesis.rest(2_000)
                    .does(redis.loseSubscriptions(), 1_000)
                    .does(redis.loseConnections(), 2_000)
                    .does(cluster.pause(anyNode()), 5_000)
                    .rest(1_000)
                    .does(redis.cut(anyNode()), 3_000)
                    .rest(3_000)
                    .does(redis.hold(anyNode()), 8_000)
                    .rest(3_000)
                    .does(redis.restart(), 1_500)
                    .rest(3_000)
                    .does(cluster.kill(anyNode()), 1_000)
                    .rest(2_000);
            Promise.isKept(experiment.end(nemesis.losses()), seed);
            assertThat(experiment.recorder().counted("acknowledged")).isGreaterThan(500);
            assertThat(experiment.recorder().counted("resumes, recovered true")).isGreaterThan(100);
        }
    }

    @Test
    void whatRedisHasLostIsTold() {
        try (Experiment experiment = experiment("lost").begin(12, 4, 4, 1)) {
            Nemesis nemesis = new Nemesis(experiment.recorder());
            nemesis.rest(2_000)
                    .does(redis.restartWithoutData(), 1_000)
                    .rest(4_000)
                    .does(List.of(redis.restartWithoutData(), redis.hold(anyNode())), 3_000)
                    .rest(4_000);
            Promise.isKept(experiment.end(nemesis.losses()), seed);
            assertThat(experiment.recorder().counted("resets: epoch")).isGreaterThan(10);
        }
    }
}
