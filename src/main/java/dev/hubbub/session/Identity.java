package dev.hubbub.session;

import dev.hubbub.protocol.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody is.
 *
 * @param grant what their credentials grant
 * @param anon the signed id of an anonymous user, for that client alone
 */
public record Identity(
        UserId user,
        @Nullable String name,
        Kind kind,
        Grant grant,
        @Nullable String anon) {
    public enum Kind {
        ANONYMOUS,
        USER,
        BACKEND
    }

    /** The same without what only the first message tells. */
    public Identity told() {
        return anon == null ? this : new Identity(user, name, kind, grant, null);
    }

    /** The same, of whom it counts where they came from. */
    public Identity from(String address) {
        return new Identity(
                user,
                name,
                kind,
                new Grant(grant.expiresAt(), grant.issuedAt(), grant.rights(), "ip " + address),
                anon);
    }

    public boolean isBackend() {
        return kind == Kind.BACKEND;
    }

    /** An idempotency key as nobody else's: all backends are one user, so it is each API key's own. */
    public @Nullable String scoped(@Nullable String key) {
        return key == null || !isBackend() || name == null ? key : name + "\n" + key;
    }

    public Rights rights() {
        return grant.rights();
    }

    /** When the credentials expire, in ms since the epoch; 0 for never. */
    public long expiresAt() {
        return grant.expiresAt();
    }
}
