package dev.hubbub.websocket;

import dev.hubbub.access.Caps;
import dev.hubbub.session.Identity;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/**
 * Who was let through the handshake; travels to the endpoint as the request's principal.
 *
 * @param identity null where {@code auth.login} comes as the first message
 */
record Visitor(@Nullable Identity identity, Caps.Place place) implements Principal {
    @Override
    public String getName() {
        return identity == null ? "" : identity.user().value();
    }
}
