package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How fast one connection may talk, and how often it may be wrong. Used by the connection's reading thread alone, but
 * for {@link #wasTooFast}; what it needs is made when it is first needed.
 */
public final class Pace {
    private final Settings.Limits limits;
    private @Nullable Bucket messages;
    private @Nullable Bucket joins;
    /** Guarded by this, as the next. */
    private @Nullable Strikes invalid;
    /** What other nodes count too is known later, to another thread. */
    private @Nullable Strikes refused;
    /** Messages refused or malformed since that was last asked; guarded by this. */
    private int strikes;

    public Pace(Settings.Limits limits) {
        this.limits = limits;
    }

    static Bucket bucket(int perSecond, int burst) {
        return Bucket.builder()
                .addLimit(l -> l.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }

    /** One more message; null where it may be. Joins have a bucket of their own, so that a resume of all rooms passes. */
    public @Nullable Refusal take(boolean join) {
        if (!limits.enabled()) {
            return null;
        }
        return take(join ? joins() : messages(), "too many messages");
    }

    /** Takes one out of a bucket; null where there was one. */
    static @Nullable Refusal take(Bucket bucket, String message) {
        ConsumptionProbe probe = bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            return null;
        }
        return tooFast(message, probe.getNanosToWaitForRefill());
    }

    /** Whether there is none in a bucket now; null where there is one, which stays there. */
    static @Nullable Refusal check(Bucket bucket, String message) {
        EstimationProbe probe = bucket.estimateAbilityToConsume(1);
        return probe.canBeConsumed() ? null : tooFast(message, probe.getNanosToWaitForRefill());
    }

    private static Refusal tooFast(String message, long waitNanos) {
        return new Refusal(ErrorCode.RESOURCE_EXHAUSTED, message, 1 + waitNanos / 1_000_000);
    }

    private Bucket messages() {
        Bucket bucket = messages;
        if (bucket == null) {
            bucket = bucket(limits.messagesPerSecond(), limits.messagesBurst());
            messages = bucket;
        }
        return bucket;
    }

    private Bucket joins() {
        Bucket bucket = joins;
        if (bucket == null) {
            bucket = bucket(limits.joinsPerSecond(), limits.rooms());
            joins = bucket;
        }
        return bucket;
    }

    /** One more malformed message; whether that was one too many within a minute. */
    public synchronized boolean wasInvalid(long now) {
        strikes++;
        if (invalid == null) {
            invalid = new Strikes(limits.violationsPerMinute());
        }
        return invalid.add(now);
    }

    /** One more refusal for its rate; whether that was one too many within a minute. */
    public synchronized boolean wasTooFast(long now) {
        strikes++;
        if (refused == null) {
            refused = new Strikes(limits.refusalsPerMinute());
        }
        return refused.add(now);
    }

    /** How many messages were malformed or refused for their rate since this was last asked. */
    public synchronized int takeStrikes() {
        int taken = strikes;
        strikes = 0;
        return taken;
    }

    /** The times of the last so many events; more would be too many in a minute. */
    private static final class Strikes {
        private final long[] times;
        private int count;

        Strikes(int most) {
            times = new long[Math.min(most, 10_000)];
        }

        boolean add(long now) {
            int at = count++ % times.length;
            boolean full = count >= times.length;
            times[at] = now;
            // the one after this place is the oldest
            return full && now - times[count % times.length] < 60_000;
        }
    }
}
