package dev.hubbub.redis;

import java.time.Duration;
import org.redisson.config.DelayStrategy;

/**
 * A strategy's delays, each to the next whole tenth of a second. The driver gives its timer half of what the first delay is
 * beyond such a tenth as its tick, and by chance that is 10 ms: a thread that wakes a hundred times a second for nothing.
 */
record WholeTicks(DelayStrategy delays) implements DelayStrategy {
    /** The longest tick that the driver takes. */
    private static final long TICK_MS = 100;

    @Override
    public Duration calcDelay(int attempt) {
        return Duration.ofMillis(-Math.floorDiv(-delays.calcDelay(attempt).toMillis(), TICK_MS) * TICK_MS);
    }
}
