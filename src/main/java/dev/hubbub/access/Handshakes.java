package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/**
 * How fast one address may come: handshakes, and requests that are no good; and one user, or one API key, from however many
 * addresses: as an address, or as often in a second as they may have connections where that is more. Of this node. Thread-safe.
 */
@Singleton
public class Handshakes {
    private final Settings.Limits limits;
    private final Refusals refusals;
    private final Buckets buckets;
    private final Buckets owners;

    @Inject
    public Handshakes(Settings settings, Refusals refusals) {
        this.limits = settings.limits;
        this.refusals = refusals;
        this.buckets = new Buckets(
                limits.handshakesPerSecond(), limits.handshakesBurst(), "too many handshakes from this address");
        this.owners = new Buckets(
                Math.max(limits.handshakesPerSecond(), limits.connectionsPerUser()),
                Math.max(limits.handshakesBurst(), limits.connectionsPerUser()),
                "too many handshakes of this user");
    }

    /** One more; null where it may be. */
    public @Nullable Refusal take(String address) {
        return limits.enabled() ? counted(address, buckets.take(address)) : null;
    }

    /** One more of somebody who is known by now; null where it may be. */
    @Nullable
    Refusal take(Identity who) {
        String owner = Caps.owner(who);
        return limits.enabled() ? counted(owner, owners.take(owner)) : null;
    }

    /** Whether one more of somebody would be refused now; null where it would not. Takes nothing. */
    @Nullable
    Refusal check(Identity who) {
        String owner = Caps.owner(who);
        return limits.enabled() ? counted(owner, owners.check(owner)) : null;
    }

    /** Whether one more would be refused now; null where it would not. Takes nothing. */
    public @Nullable Refusal check(String address) {
        return limits.enabled() ? counted(address, buckets.check(address)) : null;
    }

    /** For a request that cannot be read, which counts as one whose credentials are no good. */
    public Refusal malformed(String address) {
        Refusal tooFast = take("api " + address);
        if (tooFast != null) {
            return tooFast;
        }
        refusals.count(Refusals.Reason.MALFORMED, address);
        return Refusal.invalid("the query is not encoded as that of a URL");
    }

    private @Nullable Refusal counted(String address, @Nullable Refusal refusal) {
        if (refusal != null) {
            refusals.count(Refusals.Reason.HANDSHAKE_RATE, address);
        }
        return refusal;
    }
}
