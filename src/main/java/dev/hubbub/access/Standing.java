package dev.hubbub.access;

import dev.hubbub.cluster.Sanctions;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Sessions;
import dev.hubbub.token.ApiKeys;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jspecify.annotations.Nullable;

/** Whether what let somebody in is still good: asked of every session once a second, so it is one look into a map. */
@Singleton
public class Standing implements Sessions.Check {
    private final ApiKeys apiKeys;
    private final Sanctions sanctions;

    @Inject
    public Standing(ApiKeys apiKeys, Sanctions sanctions) {
        this.apiKeys = apiKeys;
        this.sanctions = sanctions;
    }

    @Override
    public @Nullable String objection(Identity who) {
        if (who.isBackend()) {
            return apiKeys.stands(who.grant()) ? null : "the API key is no longer good";
        }
        try {
            return sanctions.isRevoked(who.user(), who.grant().issuedAt()) ? "disconnected" : null;
        } catch (Unavailable e) {
            return null; // it is asked again in a second
        }
    }
}
