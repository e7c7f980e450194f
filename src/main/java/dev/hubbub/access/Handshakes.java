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

    private static final String TOO_MANY = "too many handshakes from this address";

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
        return counted(address, Pace.take(bucket, TOO_MANY));
    }

    /** Whether one more would be refused now; null where it would not. Takes nothing. */
    public @Nullable Refusal check(String address) {
        Bucket bucket = limits.enabled() ? buckets.getIfPresent(address) : null;
        return bucket == null ? null : counted(address, Pace.check(bucket, TOO_MANY));
    }

    private @Nullable Refusal counted(String address, @Nullable Refusal refusal) {
        if (refusal != null) {
            refusals.count(Refusals.Reason.HANDSHAKE_RATE, address);
        }
        return refusal;
    }
}
