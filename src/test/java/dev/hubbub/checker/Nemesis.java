package dev.hubbub.checker;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Does harm, tells what it does, and heals everything that it did. One thread's. */
final class Nemesis {
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
                losses += fault.loses() ? 1 : 0;
                done++;
                fault.begin().run();
            }
            rest(ms);
        } finally {
            faults.subList(0, done).forEach(f -> f.heal().run());
            tell("heals it");
        }
        return this;
    }

    /** Does harm at random for a while: one thing, or two at once. */
    void rage(List<Function<Random, Fault>> kinds, Duration time, Random random) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            int first = random.nextInt(kinds.size());
            Fault one = kinds.get(first).apply(random);
            long ms = 200 + random.nextInt(8_000);
            if (random.nextInt(3) == 0) {
                int second = (first + 1 + random.nextInt(kinds.size() - 1)) % kinds.size();
                does(List.of(one, kinds.get(second).apply(random)), ms);
            } else {
                does(one, ms);
            }
            rest(500 + random.nextInt(4_000));
        }
    }
}
