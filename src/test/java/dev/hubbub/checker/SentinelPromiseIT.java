package dev.hubbub.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two nodes over a Redis that Sentinels watch: a failover loses acknowledged messages, and never in silence. */
@Tag("alone")
class SentinelPromiseIT {
    @Test
    void whatAFailoverHasLostIsTold() {
        long seed = Promise.seed();
        List<String> rooms = List.of("one", "two", "brief:one");
        try (Sentinels redis = new Sentinels();
                Cluster cluster = Cluster.start(2, i -> redis.options());
                Experiment experiment =
                        new Experiment(cluster.ports(), rooms, Map.of("brief:one", Cluster.BRIEF), seed)) {
            experiment.begin(10, 4, 4, 1);
            Nemesis nemesis = new Nemesis(experiment.recorder());
            nemesis.rest(2_000)
                    .does(redis.failover(), 3_000)
                    .rest(3_000)
                    .does(redis.killMaster(), 3_000)
                    .rest(3_000);
            Promise.isKept(experiment.end(nemesis.losses()), seed);
            assertThat(experiment.recorder().counted("resets: epoch")).isPositive();
        }
    }
}
