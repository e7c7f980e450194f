package dev.hubbub.access;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Identity;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of bodies of one kind that this node holds, against what they may have: each user a share, all users together half
 * of it, and backends whatever nobody has. Thread-safe.
 */
public abstract class ByteBudget {
    private static final long RETRY_MS = 1_000;

    /** Of what it is, and why it is refused. */
    record Kind(String bodies, Refusals.Reason ofAll, Refusals.Reason ofOne) {}

    private final Refusals refusals;
    private final Kind kind;
    private final long most;
    private final long mostOfUsers;
    private final long mostOfOne;
    /** Bytes of each user who has any. Guarded by this, as are the sums. */
    private final Map<String, Long> users = new HashMap<>();

    private long held;
    private long heldByUsers;

    ByteBudget(Refusals refusals, Kind kind, long most, long mostOfUsers, long mostOfOne) {
        this.refusals = refusals;
        this.kind = kind;
        this.most = most;
        this.mostOfUsers = mostOfUsers;
        this.mostOfOne = mostOfOne;
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
            return reason == kind.ofAll
                    ? new Refusal(ErrorCode.UNAVAILABLE, "too many " + kind.bodies + " at once", RETRY_MS)
                    : new Refusal(
                            ErrorCode.RESOURCE_EXHAUSTED,
                            "too many " + kind.bodies + " of this user at once",
                            RETRY_MS);
        }

        /** The same, whether there is room or not: for what must not be refused any more. */
        public void force(long bytes) {
            forced(this, bytes);
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

    /** For what operators ask from an address: like backends they have what nobody has, and no user takes their half away. */
    public Share shareOfOperators(String address) {
        return new Share("operators " + address, true);
    }

    private synchronized Refusals.@Nullable Reason grown(Share share, long bytes) {
        long more = bytes - share.own;
        if (share.own < 0 || more <= 0) {
            return null;
        }
        if (!share.isBackends && isOver(users.getOrDefault(share.owner, 0L), share, more, mostOfOne)) {
            return kind.ofOne;
        }
        if (isOver(held, share, more, most) || (!share.isBackends && isOver(heldByUsers, share, more, mostOfUsers))) {
            return kind.ofAll;
        }
        add(share, more);
        share.own = bytes;
        return null;
    }

    /** One body, whatever its size, is good for whoever comes first. */
    private static boolean isOver(long sum, Share share, long more, long most) {
        return sum > share.own && sum + more > most;
    }

    private synchronized void forced(Share share, long bytes) {
        if (share.own >= 0 && bytes > share.own) {
            add(share, bytes - share.own);
            share.own = bytes;
        }
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
