package dev.hubbub.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Refusal;
import io.github.bucket4j.Bucket;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast one address may come: handshakes, and requests whose credentials are no good. Of this node. Thread-safe. */
@Singleton
public class Handshakes {
    /** Addresses that are remembered; of more the least recent are let come anew. */
    private static final int MOST = 100_000;

    private final Settings.Limits limits;
    private final Refusals refusals;
    private final Cache<String, Bucket> buckets;

    @Inject
    public Handshakes(Settings settings, Refusals refusals) {
        this.limits = settings.limits;
        this.refusals = refusals;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(Duration.ofMinutes(1))
                .build();
    }

    /** One more; null where it may be. */
    public @Nullable Refusal take(String address) {
        if (!limits.enabled()) {
            return null;
        }
        Bucket bucket = buckets.get(address, a -> Pace.bucket(limits.handshakesPerSecond(), limits.handshakesBurst()));
        Refusal refusal = Pace.take(bucket, "too many handshakes from this address");
        if (refusal != null) {
            refusals.count(Refusals.Reason.HANDSHAKE_RATE, address);
        }
        return refusal;
    }
}
