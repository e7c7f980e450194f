package dev.hubbub.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hubbub.protocol.Refusal;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A bucket for each of many names, of which those that were used last are remembered. Thread-safe. */
final class Buckets {
    /** Names that are remembered; of more the least recent begin anew. */
    private static final int MOST = 100_000;

    private final int perSecond;
    private final int burst;
    private final String message;
    private final Cache<String, Bucket> buckets;

    /** @param message what is told to whoever finds none left */
    Buckets(int perSecond, int burst, String message) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.message = message;
        // by then it is full again, as a new one is; a flood of names leaves no more behind than it must
        Duration full = Duration.ofSeconds(1 + burst / perSecond);
        this.buckets =
                Caffeine.newBuilder().maximumSize(MOST).expireAfterAccess(full).build();
    }

    /** Takes one; null where there was one. */
    @Nullable
    Refusal take(String name) {
        return Pace.take(buckets.get(name, n -> Pace.bucket(perSecond, burst)), message);
    }

    /** Whether there is none now; null where there is. Takes nothing. */
    @Nullable
    Refusal check(String name) {
        Bucket bucket = buckets.getIfPresent(name);
        return bucket == null ? null : Pace.check(bucket, message);
    }
}
