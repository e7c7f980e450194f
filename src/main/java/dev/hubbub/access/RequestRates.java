package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** How fast a user may ask over HTTP, on this node: as fast as one connection may. Backends may as they will. Thread-safe. */
@Singleton
public class RequestRates {
    private final Settings.Limits limits;
    private final Refusals refusals;
    private final Buckets buckets;

    @Inject
    public RequestRates(Settings settings, Refusals refusals) {
        this.limits = settings.limits;
        this.refusals = refusals;
        this.buckets = new Buckets(limits.messagesPerSecond(), limits.messagesBurst(), "too many requests");
    }

    /** One more request; null where it may be. Anonymous users count by their address: they are as many as they like. */
    public @Nullable Refusal take(Identity who, String address) {
        if (!limits.enabled() || who.isBackend()) {
            return null;
        }
        boolean unknown = who.kind() == Identity.Kind.ANONYMOUS;
        Refusal refusal = buckets.take(unknown ? "ip " + address : who.user().value());
        if (refusal != null) {
            refusals.count(Refusals.Reason.MESSAGE_RATE, "requests of " + who.user());
        }
        return refusal;
    }
}
