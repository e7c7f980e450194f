package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.BodyDecoder;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What bodies have beyond one message, of all requests of this node, against what they may have: each user a share, all
 * users together half of it, and backends whatever nobody has. Thread-safe.
 */
@Singleton
public class BatchBudget {
    private static final long RETRY_MS = 1_000;
    private static final Refusal FULL = new Refusal(ErrorCode.UNAVAILABLE, "too many large batches at once", RETRY_MS);
    private static final Refusal TOO_MANY =
            new Refusal(ErrorCode.RESOURCE_EXHAUSTED, "too many large batches of this user at once", RETRY_MS);

    private final Refusals refusals;
    private final long most;
    private final long mostOfUsers;
    private final long mostOfOne;
    /** Bytes of each user who has any. Guarded by this, as are the sums. */
    private final Map<String, Long> users = new HashMap<>();

    private long held;
    private long heldByUsers;

    @Inject
    public BatchBudget(Settings settings, Refusals refusals) {
        this.refusals = refusals;
        long largest = (long) BodyDecoder.MOST * settings.limits.messageBytes();
        most = settings.limits.batches() * largest;
        mostOfUsers = Math.max(largest, most / 2); // one is good for whoever comes first
        mostOfOne = settings.limits.batchesPerUser() * largest;
    }

    /** What one body has; given back once. */
    public final class Share {
        private final String owner;
        private final boolean isBackends;
        /** Negative once it was given back. Guarded by the budget. */
        private long own;

        private Share(String owner, boolean isBackends) {
            this.owner = owner;
            this.isBackends = isBackends;
        }

        /** So many bytes in all; null where there is room for them, or it is over already. Where not, it keeps what it has. */
        public @Nullable Refusal grow(long bytes) {
            Refusals.Reason reason = grown(this, bytes);
            if (reason == null) {
                return null;
            }
            refusals.count(reason, owner);
            return reason == Refusals.Reason.BATCHES ? FULL : TOO_MANY;
        }

        public void giveBack() {
            end(this);
        }
    }

    /** For a body that comes from somebody. Anonymous users are one of each address: they are as many as they like. */
    public Share share(Identity who, String address) {
        return who.isBackend()
                ? new Share("backend " + who.name(), true)
                : new Share(who.kind() == Identity.Kind.ANONYMOUS ? "ip " + address : "user " + who.user(), false);
    }

    private synchronized Refusals.@Nullable Reason grown(Share share, long bytes) {
        long more = bytes - share.own;
        if (share.own < 0 || more <= 0) {
            return null;
        }
        if (!share.isBackends && users.getOrDefault(share.owner, 0L) + more > mostOfOne) {
            return Refusals.Reason.USER_BATCHES;
        }
        if (held + more > most || (!share.isBackends && heldByUsers + more > mostOfUsers)) {
            return Refusals.Reason.BATCHES;
        }
        add(share, more);
        share.own = bytes;
        return null;
    }

    private synchronized void end(Share share) {
        if (share.own > 0) {
            add(share, -share.own);
        }
        share.own = -1;
    }

    /** Guarded by this. */
    private void add(Share share, long bytes) {
        held += bytes;
        if (!share.isBackends) {
            heldByUsers += bytes;
            users.merge(share.owner, bytes, (had, more) -> had + more == 0 ? null : had + more);
        }
    }

    /** Bytes held now. */
    public synchronized long held() {
        return held;
    }

    /** Users who hold any. */
    synchronized int users() {
        return users.size();
    }
}
