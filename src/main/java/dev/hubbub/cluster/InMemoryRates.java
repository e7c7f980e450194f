package dev.hubbub.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Rates of a single node, each kept as the time by which its bucket is full again (the theoretical arrival time of GCRA,
 * ITU-T I.371).
 */
@Singleton
public class InMemoryRates implements Rates {
    /** Names that are remembered; of more the least used begin anew. */
    private static final int MOST = 100_000;

    private static final CompletionStage<Long> TAKEN = CompletableFuture.completedFuture(0L);
    private static final long MINUTE_US = 60_000_000;

    /** When each bucket is full, in microseconds since the epoch. */
    private final Cache<String, Long> full;

    private final Clock clock;

    @Inject
    public InMemoryRates(Clock clock) {
        this.clock = clock;
        // whose bucket was not touched for a minute has it full, and need not be remembered
        full = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(Duration.ofMinutes(1))
                .ticker(() -> clock.millis() * 1_000_000)
                .build();
    }

    @Override
    public CompletionStage<Long> take(String name, int perMinute) {
        long now = clock.millis() * 1_000;
        long[] wait = new long[1];
        full.asMap().compute(name, (n, before) -> {
            long after = (before == null ? now : Math.max(before, now)) + MINUTE_US / perMinute;
            wait[0] = after - now - MINUTE_US;
            return wait[0] > 0 ? before : Long.valueOf(after);
        });
        return wait[0] <= 0 ? TAKEN : CompletableFuture.completedFuture((wait[0] + 999) / 1_000);
    }
}
