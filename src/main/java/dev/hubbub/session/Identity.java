package dev.hubbub.session;

import dev.hubbub.protocol.UserId;
import org.jspecify.annotations.Nullable;

/**
 * Who somebody is.
 *
 * @param expiresAt when the credentials expire, in ms since the epoch; 0 for never
 * @param anon the signed id of an anonymous user, for that client alone
 */
public record Identity(
        UserId user,
        @Nullable String name,
        Kind kind,
        long expiresAt,
        @Nullable String anon) {
    public enum Kind {
        ANONYMOUS,
        USER,
        BACKEND
    }

    /** The same without what only the first message tells. */
    public Identity told() {
        return anon == null ? this : new Identity(user, name, kind, expiresAt, null);
    }

    public boolean isBackend() {
        return kind == Kind.BACKEND;
    }
}
