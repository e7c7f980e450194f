package dev.hubbub.checker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What experiments have in common: where their seed comes from, and what must be true in the end. */
final class Promise {
    private static final int SHOWN = 30;

    private Promise() {}

    /** {@code -Dchecker.seed}, or one that was never used; printed. */
    static long seed() {
        long seed = Long.getLong("checker.seed", System.nanoTime());
        System.out.println("checker.seed=" + seed);
        return seed;
    }

    /** Nothing is wrong in a history, and of each bug that one can plant in it something is found. */
    static void isKept(History history, long seed) {
        List<Finding> findings = Checker.check(history);
        Map<Finding.Kind, Long> kinds =
                findings.stream().collect(Collectors.groupingBy(Finding::kind, TreeMap::new, Collectors.counting()));
        assertThat(findings.stream().limit(SHOWN).toList())
                .as("%s, such as", kinds)
                .isEmpty();
        Random random = new Random(seed);
        for (Bug bug : Bug.values()) {
            bug.in(history, random)
                    .ifPresent(
                            bad -> assertThat(Checker.check(bad)).as("%s", bug).isNotEmpty());
        }
    }
}
