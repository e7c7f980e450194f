package dev.hubbub.access;

import dev.hubbub.cluster.Rates;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * How often a user may publish in a namespace, or in all that have no settings of their own, whatever they come with and to whichever node; anonymous users
 * of one address together. Backends may as they will, and where a namespace asks for nothing, nothing is asked of anybody. Thread-safe.
 */
@Singleton
public class PublishRates {
    private final Rates rates;
    private final Settings settings;
    private final Refusals refusals;
    private final boolean used;

    @Inject
    public PublishRates(Rates rates, Settings settings, Refusals refusals) {
        this.rates = rates;
        this.settings = settings;
        this.refusals = refusals;
        this.used = settings.limits.enabled() && settings.hasPublishRates();
    }

    /** Whether {@link #take} lets somebody publish there without a look. */
    public boolean isFree(Identity who, RoomName room) {
        return perMinute(who, room) == 0;
    }

    private int perMinute(Identity who, RoomName room) {
        return used && !who.isBackend()
                ? settings.namespacePolicy(room.namespace()).publishesPerMinute()
                : 0;
    }

    /**
     * One more publish; completes with null where it may be, and is {@link Permissions#YES} where that is known at once.
     * Fails with {@link dev.hubbub.cluster.Unavailable}.
     */
    public CompletionStage<@Nullable Refusal> take(Identity who, RoomName room) {
        int perMinute = perMinute(who, room);
        if (perMinute == 0) {
            return Permissions.YES;
        }
        return rates.take("publish:" + settings.policyName(room.namespace()) + ":" + counted(who), perMinute)
                .thenApply(waitMs -> waitMs == 0 ? null : refused(who, room, waitMs));
    }

    /** An anonymous user by the address: as another user they would begin anew. */
    private static String counted(Identity who) {
        String address = who.grant().key();
        return who.kind() == Identity.Kind.ANONYMOUS && address != null
                ? address
                : who.user().value();
    }

    private Refusal refused(Identity who, RoomName room, long waitMs) {
        refusals.count(Refusals.Reason.PUBLISH_RATE, who.user());
        return new Refusal(
                ErrorCode.RESOURCE_EXHAUSTED, "too many publishes in the namespace " + room.namespace(), waitMs);
    }
}
