package dev.hubbub.redis;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What goes wrong again and again is said once in so long, for each cause. Thread-safe. */
final class Complaints {
    /** In ms. */
    private static final long QUIET_MS = 60_000;

    private final Clock clock;
    /** When each was last said. As many as there are places in the code that throw. */
    private final Map<String, Long> said = new ConcurrentHashMap<>();

    Complaints(Clock clock) {
        this.clock = clock;
    }

    /** Whether this is to be said now: it was not lately, of another failure of the same kind from the same place. */
    boolean isDue(Throwable failure) {
        StackTraceElement[] trace = failure.getStackTrace();
        String cause = failure.getClass().getName() + (trace.length == 0 ? "" : trace[0]);
        long now = clock.millis();
        Long before = said.get(cause);
        if (before == null) {
            return said.putIfAbsent(cause, now) == null;
        }
        return now - before >= QUIET_MS && said.replace(cause, before, now);
    }
}
