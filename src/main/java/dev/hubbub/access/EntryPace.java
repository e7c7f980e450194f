package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import io.github.bucket4j.Bucket;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How fast this node lets people in, from however many addresses they come, so that a herd which comes back, or is made to
 * come, takes no more of the node than those who are in can spare. Half of what may come at once is kept for those whose
 * credentials are good: strangers, who cost nothing to be, cannot keep them out, but for as many as look at the same moment. Thread-safe.
 */
@Singleton
public class EntryPace {
    /** Whoever is refused is told to come back somewhere in here, in ms: not all at the same time. */
    private static final int LEAST_WAIT_MS = 1_000;

    private static final int MOST_WAIT_MS = 10_000;

    private final Settings.Limits limits;
    private final Refusals refusals;
    private final Bucket bucket;
    private final int kept;

    @Inject
    public EntryPace(Settings settings, Refusals refusals) {
        this.limits = settings.limits;
        this.refusals = refusals;
        this.bucket = Pace.bucket(limits.nodeHandshakesPerSecond(), limits.nodeHandshakesBurst());
        this.kept = limits.nodeHandshakesBurst() / 2;
    }

    /**
     * Whether one more would be refused now; null where it would not. Takes nothing.
     *
     * @param stranger who is anonymous, or has not said yet who they are
     */
    @Nullable
    Refusal check(boolean stranger, String address) {
        return hasRoom(stranger) ? null : refused(address);
    }

    /** One more who comes in; null where they may. Credentials that are no good take nothing. */
    @Nullable
    Refusal take(boolean stranger, String address) {
        return hasRoom(stranger) && consume() ? null : refused(address);
    }

    private boolean hasRoom(boolean stranger) {
        return !limits.enabled() || bucket.getAvailableTokens() > (stranger ? kept : 0);
    }

    private boolean consume() {
        return !limits.enabled() || bucket.tryConsume(1);
    }

    private Refusal refused(String address) {
        refusals.count(Refusals.Reason.NODE_HANDSHAKE_RATE, address);
        return new Refusal(
                ErrorCode.UNAVAILABLE,
                "too many come to this node at once",
                ThreadLocalRandom.current().nextInt(LEAST_WAIT_MS, MOST_WAIT_MS + 1));
    }
}
