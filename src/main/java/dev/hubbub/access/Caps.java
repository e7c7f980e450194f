package dev.hubbub.access;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Quotas;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How many connections there may be: of this node, of one address, of one user or API key. Thread-safe. */
@Singleton
public class Caps {
    private static final String NODE = "node";
    private static final String PACE = "pace";
    private static final String ADDRESS = "ip:";
    private static final long RETRY_MS = 5_000;
    private static final Refusal FULL = new Refusal(ErrorCode.UNAVAILABLE, "this node is full", RETRY_MS);
    private static final Refusal GONE = Refusal.of(ErrorCode.UNAVAILABLE, "the connection is gone");
    private static final Refusal TOO_MANY = new Refusal(ErrorCode.RESOURCE_EXHAUSTED, "too many connections", RETRY_MS);

    private final Quotas quotas;
    private final ClusterHealth cluster;
    private final Settings.Limits limits;
    private final Refusals refusals;
    private final EntryPace pace;
    /** Connections of this node, which are counted here alone. */
    private final AtomicInteger here = new AtomicInteger();

    @Inject
    public Caps(Quotas quotas, ClusterHealth cluster, Settings settings, Refusals refusals, EntryPace pace) {
        this.quotas = quotas;
        this.cluster = cluster;
        this.limits = settings.limits;
        this.refusals = refusals;
        this.pace = pace;
    }

    /** The places that one connection takes, given back once. */
    public final class Place {
        /** The names under which it counts; null once it was given back. Guarded by this. */
        private @Nullable List<String> names;

        private final @Nullable Refusal refusal;

        private Place(List<String> names, @Nullable Refusal refusal) {
            this.names = names;
            this.refusal = refusal;
        }

        /** Why there is none, or null. */
        public @Nullable Refusal refusal() {
            return refusal;
        }

        /**
         * Counts it to a user or a key as well, once it is known who that is. Null where it may be; where not, the place is still
         * taken, unless it has been given back, which is refused too.
         */
        public @Nullable Refusal enter(Identity who) {
            if (isGivenBack()) {
                return GONE;
            }
            if (cluster.isEnding()) {
                return Unavailable.ending().refusal(); // it began while others decided
            }
            if (!limits.enabled()) {
                return null;
            }
            String owner = owner(who);
            Refusal refusal = count(owner, limits.connectionsPerUser());
            if (refusal != null) {
                return refusal;
            }
            if (!add(owner)) {
                quotas.giveBack(owner);
                return GONE;
            }
            return null;
        }

        /**
         * Takes one of the node's pace as well, unless it has one; null where it has one then. That goes back with the place, but
         * not once it is let in.
         */
        @Nullable
        Refusal take(EntryPace.Knock knock) {
            if (isPaced()) {
                return null;
            }
            Refusal tooMany = pace.take(knock, address());
            if (tooMany == null && !add(PACE)) {
                pace.giveBack();
                return GONE;
            }
            return tooMany;
        }

        private synchronized boolean isPaced() {
            return names != null && names.contains(PACE);
        }

        /** It was not refused: what it took of the pace is used up. */
        public synchronized void letIn() {
            if (names != null) {
                names = names.stream().filter(name -> !name.equals(PACE)).toList();
            }
        }

        /** The address that it counts to; empty where it was given back, or counts to none. */
        public synchronized String address() {
            return names == null
                    ? ""
                    : names.stream()
                            .filter(name -> name.startsWith(ADDRESS))
                            .map(name -> name.substring(ADDRESS.length()))
                            .findFirst()
                            .orElse("");
        }

        private synchronized boolean isGivenBack() {
            return names == null;
        }

        private synchronized boolean add(String name) {
            if (names != null) {
                names = Stream.concat(names.stream(), Stream.of(name)).toList();
            }
            return names != null;
        }

        public void giveBack() {
            taken().forEach(Caps.this::giveBack);
        }

        private synchronized List<String> taken() {
            List<String> taken = names;
            names = null;
            return taken == null ? List.of() : taken;
        }
    }

    /** Backends are one user, so they count by their keys, whatever the secret of these is just now. */
    static String owner(Identity who) {
        String key = who.isBackend() ? who.grant().key() : null;
        return key == null ? "user:" + who.user() : "key:" + key.substring(0, key.indexOf(' '));
    }

    /** Takes a place for a connection from {@code address} of which nobody knows yet whose it is. */
    public Place take(String address) {
        if (cluster.isEnding()) {
            return new Place(List.of(), Unavailable.ending().refusal());
        }
        if (!cluster.isHere()) {
            return new Place(List.of(), Unavailable.away().refusal());
        }
        if (!limits.enabled()) {
            return new Place(List.of(), null);
        }
        if (here.incrementAndGet() > limits.connections()) {
            here.decrementAndGet();
            refusals.count(Refusals.Reason.CONNECTIONS, NODE);
            return new Place(List.of(), FULL);
        }
        String ip = ADDRESS + address;
        Refusal refusal = count(ip, limits.connectionsPerIp());
        if (refusal != null) {
            here.decrementAndGet();
            return new Place(List.of(), refusal);
        }
        return new Place(List.of(NODE, ip), null);
    }

    /** Takes a place that is counted over all nodes; null where it was had. */
    private @Nullable Refusal count(String name, int limit) {
        try {
            if (quotas.take(name, limit)) {
                return null;
            }
            refusals.count(Refusals.Reason.CONNECTIONS, name);
            return TOO_MANY;
        } catch (Unavailable e) {
            return e.refusal();
        }
    }

    private void giveBack(String name) {
        if (name.equals(NODE)) {
            here.decrementAndGet();
        } else if (name.equals(PACE)) {
            pace.giveBack();
        } else {
            quotas.giveBack(name);
        }
    }
}
