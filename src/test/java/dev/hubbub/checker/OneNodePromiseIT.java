package dev.hubbub.checker;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A node alone, which keeps its rooms in memory: while it lives nothing is missing, and what dies with it is told. */
class OneNodePromiseIT {
    @Test
    void nothingIsMissingInSilence() {
        long seed = Promise.seed();
        List<String> rooms = List.of("alone", "brief:alone");
        try (Cluster cluster = Cluster.start(1, i -> List.of());
                Experiment experiment =
                        new Experiment(cluster.ports(), rooms, Map.of("brief:alone", Cluster.BRIEF), seed)) {
            experiment.begin(8, 4, 3, 1);
            Nemesis nemesis = new Nemesis(experiment.recorder());
            nemesis.rest(3_000).does(cluster.pause(0), 2_000).rest(3_000);
            History history = experiment.end(0);
            System.out.println(experiment.recorder().summary());
            Promise.isKept(history, seed);
        }
    }
}
