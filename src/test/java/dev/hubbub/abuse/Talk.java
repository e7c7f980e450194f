package dev.hubbub.abuse;

import java.util.List;
import java.util.stream.Stream;

/**
 * How a talk went.
 *
 * @param times of all that was said, in ms, the shortest first
 * @param stolen what the machine's host kept of the time that was asked of it, in percent: others' work, not ours
 */
record Talk(List<Double> times, double stolen) {
    Talk {
        times = times.stream().sorted().toList();
    }

    /** How long a message took at most, but for one in a hundred, in ms. */
    double p99() {
        return times.get((int) (times.size() * 0.99));
    }

    /** Both as one. */
    Talk and(Talk other) {
        return new Talk(Stream.concat(times.stream(), other.times.stream()).toList(), Math.max(stolen, other.stolen));
    }

    @Override
    public String toString() {
        return String.format("%.1f ms (host kept %.0f %%)", p99(), stolen);
    }
}
