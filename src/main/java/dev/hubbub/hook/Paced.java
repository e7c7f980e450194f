package dev.hubbub.hook;

import java.time.Clock;
import java.util.concurrent.atomic.AtomicLong;

/** What goes wrong again and again is said once a minute. Thread-safe. */
final class Paced {
    private static final long QUIET_MS = 60_000;

    private final Clock clock;
    /** When it was last said, in ms. */
    private final AtomicLong said = new AtomicLong(Long.MIN_VALUE / 2);

    Paced(Clock clock) {
        this.clock = clock;
    }

    /** Whether this is to be said now. */
    boolean isDue() {
        long before = said.get();
        long now = clock.millis();
        return now - before >= QUIET_MS && said.compareAndSet(before, now);
    }
}
