package dev.hubbub.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an HTTP request brings to say who sends it; null where it does not (RFC 6750, section 2.1 for the header).
 *
 * @param bearer empty where the header is of another scheme: no token that anybody knows
 * @param sameOrigin the browser says that a page of this very origin asks (Fetch Metadata, Sec-Fetch-Site): it sends no
 *     Origin with reads then
 */
public record RequestCredentials(
        @Nullable String bearer,
        @Nullable String ticket,
        @Nullable String anon,
        @Nullable String cookie,
        @Nullable String origin,
        boolean sameOrigin) {
    private static final String BEARER = "bearer ";

    /** @param cookieName empty where none is taken */
    static RequestCredentials of(HttpServletRequest request, String cookieName) {
        Query query = Query.of(request);
        return new RequestCredentials(
                bearer(request.getHeader("Authorization")),
                query.first("ticket"),
                query.first("anon"),
                cookieName.isEmpty() ? null : cookie(request, cookieName).orElse(null),
                request.getHeader("Origin"),
                "same-origin".equals(request.getHeader("Sec-Fetch-Site")));
    }

    private static Optional<String> cookie(HttpServletRequest request, String name) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (cookie.getName().equals(name) && !cookie.getValue().isEmpty()) {
                    return Optional.of(cookie.getValue());
                }
            }
        }
        return Optional.empty();
    }

    private static @Nullable String bearer(@Nullable String authorization) {
        if (authorization == null) {
            return null;
        }
        boolean bearer = authorization.toLowerCase(Locale.ROOT).startsWith(BEARER);
        return bearer ? authorization.substring(BEARER.length()).trim() : "";
    }

    /** Who knocks with this, as far as it shows; what it is worth is not looked at. */
    EntryPace.Knock knock() {
        boolean counts = bearer == null && ticket != null;
        String shown =
                Objects.requireNonNullElse(counts ? ticket : bearer == null ? cookie : bearer, AnonymousIds.PREFIX);
        return EntryPace.Knock.of(shown.startsWith(AnonymousIds.PREFIX), counts);
    }

    /** Whether a page asked that may: then a cookie counts that browsers add by themselves, and nobody need say who they are. */
    boolean isOfOurPage() {
        return origin != null || sameOrigin;
    }
}
