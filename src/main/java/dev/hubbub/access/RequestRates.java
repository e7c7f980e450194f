package dev.hubbub.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Identity;
import io.github.bucket4j.Bucket;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How fast a user may ask over HTTP, on this node: as fast as one connection may. Backends may as they will. Thread-safe. */
@Singleton
public class RequestRates {
    /** Users that are remembered; of more the least recent begin anew. */
    private static final int MOST = 100_000;

    private final Settings.Limits limits;
    private final Refusals refusals;
    private final Cache<String, Bucket> buckets;

    @Inject
    public RequestRates(Settings settings, Refusals refusals) {
        this.limits = settings.limits;
        this.refusals = refusals;
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(Duration.ofMinutes(1))
                .build();
    }

    /** One more request; null where it may be. Anonymous users count by their address: they are as many as they like. */
    public @Nullable Refusal take(Identity who, String address) {
        if (!limits.enabled() || who.isBackend()) {
            return null;
        }
        Bucket bucket = buckets.get(
                who.kind() == Identity.Kind.ANONYMOUS
                        ? "ip " + address
                        : who.user().value(),
                name -> Pace.bucket(limits.messagesPerSecond(), limits.messagesBurst()));
        Refusal refusal = Pace.take(bucket, "too many requests");
        if (refusal != null) {
            refusals.count(Refusals.Reason.MESSAGE_RATE, "requests of " + who.user());
        }
        return refusal;
    }
}
