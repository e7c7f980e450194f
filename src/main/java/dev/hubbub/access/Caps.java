package dev.hubbub.access;

import dev.hubbub.cluster.Quotas;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** How many connections there may be: of this node, of one address, of one user. */
@Singleton
public class Caps {
    private static final long RETRY_MS = 5_000;

    private final Quotas quotas;
    private final Settings.Limits limits;

    @Inject
    public Caps(Quotas quotas, Settings settings) {
        this.quotas = quotas;
        this.limits = settings.limits;
    }

    /** The places that one connection takes, given back once. */
    public final class Place {
        private final List<String> names;
        private final @Nullable Refusal refusal;
        private final AtomicBoolean open = new AtomicBoolean(true);

        private Place(List<String> names, @Nullable Refusal refusal) {
            this.names = names;
            this.refusal = refusal;
        }

        /** Why there is none, or null. */
        public @Nullable Refusal refusal() {
            return refusal;
        }

        public void giveBack() {
            if (open.getAndSet(false)) {
                names.forEach(quotas::giveBack);
            }
        }
    }

    /** Takes a place for a connection of {@code who} from {@code address}. */
    public Place take(Identity who, String address) {
        if (!limits.enabled()) {
            return new Place(List.of(), null);
        }
        List<String> taken = new ArrayList<>(3);
        boolean all = take("node", limits.connections(), taken)
                && take("ip:" + address, limits.connectionsPerIp(), taken)
                && take("user:" + who.user().value(), limits.connectionsPerUser(), taken);
        if (all) {
            return new Place(List.copyOf(taken), null);
        }
        taken.forEach(quotas::giveBack);
        Refusal full = taken.isEmpty()
                ? new Refusal(ErrorCode.UNAVAILABLE, "this node is full", RETRY_MS)
                : new Refusal(ErrorCode.RESOURCE_EXHAUSTED, "too many connections", RETRY_MS);
        return new Place(List.of(), full);
    }

    private boolean take(String name, int limit, List<String> taken) {
        boolean got = quotas.take(name, limit);
        if (got) {
            taken.add(name);
        }
        return got;
    }
}
