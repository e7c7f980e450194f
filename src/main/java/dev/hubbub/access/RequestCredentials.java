package dev.hubbub.access;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads credentials from where an HTTP request has them (RFC 6750, section 2.1 for the header). */
public final class RequestCredentials {
    private static final String BEARER = "bearer ";

    private RequestCredentials() {}

    public static Door.Credentials of(@Nullable String authorization, @Nullable String ticket, @Nullable String anon) {
        return new Door.Credentials(bearer(authorization), ticket, anon);
    }

    /** The token of an {@code Authorization} header; one of another scheme is no token that anybody knows. */
    public static @Nullable String bearer(@Nullable String authorization) {
        if (authorization == null) {
            return null;
        }
        boolean bearer = authorization.toLowerCase(Locale.ROOT).startsWith(BEARER);
        return bearer ? authorization.substring(BEARER.length()).trim() : "";
    }
}
