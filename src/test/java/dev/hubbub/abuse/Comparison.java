package dev.hubbub.abuse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the company's talks beside each kind of abuse were like, and those just before them: those of the second half of the
 * rounds as one, since most of what they need is compiled then.
 */
final class Comparison {
    private record Both(Talk before, Talk beside) {
        Both and(Both other) {
            return new Both(before.and(other.before), beside.and(other.beside));
        }

        static Both of(List<Both> rounds) {
            return rounds.stream().skip(rounds.size() / 2).reduce(Both::and).orElseThrow();
        }
    }

    private final Map<String, List<Both>> rounds = new TreeMap<>();

    void add(String what, Talk before, Talk beside) {
        rounds.computeIfAbsent(what, first -> new ArrayList<>()).add(new Both(before, beside));
    }

    /** A line for each kind. */
    void print() {
        rounds.forEach((what, each) -> {
            Both later = Both.of(each);
            System.out.printf(
                    "later rounds, %s: p99 %s, before %s: %.1f times; %d messages%n",
                    what,
                    later.beside,
                    later.before,
                    later.beside.p99() / later.before.p99(),
                    later.beside.times().size());
        });
    }
}
