package dev.hubbub.websocket;

import dev.hubbub.access.Caps;
import dev.hubbub.session.Identity;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Who was let through the handshake; travels to the endpoint as the request's principal, which the container keeps for
 * as long as the connection. Handed from one thread to the next, never shared.
 */
final class Visitor implements Principal {
    private final String name;
    private final Caps.Place place;
    private @Nullable Identity identity;

    /** @param identity null where {@code auth.login} comes as the first message */
    Visitor(@Nullable Identity identity, Caps.Place place) {
        this.name = identity == null ? "" : identity.user().value();
        this.identity = identity;
        this.place = place;
    }

    /** Given back by the endpoint when the connection is gone. */
    Caps.Place place() {
        return place;
    }

    /** Lets go of it: the session keeps what it needs. */
    @Nullable
    Identity takeIdentity() {
        Identity taken = identity;
        identity = null;
        return taken;
    }

    @Override
    public String getName() {
        return name;
    }
}
