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
import org.jspecify.annotations.Nullable;

/** How many connections there may be: of this node, of one address, of one user. */
@Singleton
public class Caps {
    private static final long RETRY_MS = 5_000;
    private static final String NODE = "node";
    private static final Refusal FULL = new Refusal(ErrorCode.UNAVAILABLE, "this node is full", RETRY_MS);
    private static final Refusal TOO_MANY = new Refusal(ErrorCode.RESOURCE_EXHAUSTED, "too many connections", RETRY_MS);

    private final Quotas quotas;
    private final Settings.Limits limits;

    @Inject
    public Caps(Quotas quotas, Settings settings) {
        this.quotas = quotas;
        this.limits = settings.limits;
    }

    /** The places that one connection takes, given back once. Thread-safe. */
    public final class Place {
        /** Guarded by this while it is open, as the next. */
        private final List<String> names;

        private boolean open = true;
        private final @Nullable Refusal refusal;

        private Place(List<String> names, @Nullable Refusal refusal) {
            this.names = names;
            this.refusal = refusal;
        }

        /** Why there is none, or null. */
        public @Nullable Refusal refusal() {
            return refusal;
        }

        /** Takes one of a user's places too, once it is known whose connection it is; why there is none, or null. */
        public @Nullable Refusal take(Identity who) {
            if (!limits.enabled()) {
                return null;
            }
            String name = "user:" + who.user().value();
            if (!quotas.take(name, limits.connectionsPerUser())) {
                return TOO_MANY;
            }
            if (!keep(name)) {
                quotas.giveBack(name);
                return TOO_MANY;
            }
            return null;
        }

        /** False where it was given back meanwhile. */
        private synchronized boolean keep(String name) {
            return open && names.add(name);
        }

        public void giveBack() {
            if (end()) {
                names.forEach(quotas::giveBack);
            }
        }

        private synchronized boolean end() {
            boolean first = open;
            open = false;
            return first;
        }
    }

    /** Takes a place for a connection from {@code address}, whoever it is going to be. */
    public Place take(String address) {
        if (!limits.enabled()) {
            return new Place(List.of(), null);
        }
        if (!quotas.take(NODE, limits.connections())) {
            return new Place(List.of(), FULL);
        }
        String ip = "ip:" + address;
        if (!quotas.take(ip, limits.connectionsPerIp())) {
            quotas.giveBack(NODE);
            return new Place(List.of(), TOO_MANY);
        }
        return new Place(new ArrayList<>(List.of(NODE, ip)), null);
    }

    /** Takes a place for a connection of {@code who} from {@code address}. */
    public Place take(Identity who, String address) {
        Place place = take(address);
        Refusal refusal = place.refusal() == null ? place.take(who) : null;
        if (refusal == null) {
            return place;
        }
        place.giveBack();
        return new Place(List.of(), refusal);
    }
}
