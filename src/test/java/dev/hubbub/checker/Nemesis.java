package dev.hubbub.checker;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Does harm, tells what it does, and heals everything that it did. One thread's. */
final class Nemesis {
    private static final long LONG_MS = 20_000;

    private final Recorder recorder;
    private final long begun = System.nanoTime();
    private int losses;

    Nemesis(Recorder recorder) {
        this.recorder = recorder;
    }

    /** How often something was done that may lose acknowledged messages. */
    int losses() {
        return losses;
    }

    private void tell(String text) {
        System.out.printf("%6.1f s  nemesis: %-45s %s%n", (System.nanoTime() - begun) / 1e9, text, recorder.summary());
    }

    /** Lets the clients be for a while. */
    Nemesis rest(long ms) {
        // the experiment lasts as long as it lasts: there is nothing to wait for
        CompletableFuture.runAsync(() -> {}, CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS))
                .join();
        return this;
    }

    /** Does it, waits for so long, heals it. */
    Nemesis does(Fault fault, long ms) {
        return does(List.of(fault), ms);
    }

    /** Does all of them at once. */
    Nemesis does(List<Fault> faults, long ms) {
        int done = 0;
        try {
            for (Fault fault : faults) {
                tell(fault.name());
                losses += fault.losses();
                done++;
                fault.begin().run();
            }
            rest(ms);
        } finally {
            List<Fault> all = faults.subList(0, done);
            all.forEach(f -> f.heal().run());
            all.forEach(f -> f.settled().run());
            tell("has healed it");
        }
        return this;
    }

    /** Does harm at random for a while: one thing, or two at once, mostly for seconds, now and then for long. */
    void rage(List<Function<Random, Fault>> kinds, Duration time, Random random) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            Fault one = any(kinds, random);
            Fault other = any(kinds, random);
            boolean both = random.nextInt(3) == 0 && !one.target().equals(other.target());
            long ms = random.nextInt(8) == 0 ? LONG_MS : 200 + random.nextInt(7_000);
            does(both ? List.of(one, other) : List.of(one), ms);
            rest(500 + random.nextInt(4_000));
        }
    }

    private static Fault any(List<Function<Random, Fault>> kinds, Random random) {
        return kinds.get(random.nextInt(kinds.size())).apply(random);
    }
}
