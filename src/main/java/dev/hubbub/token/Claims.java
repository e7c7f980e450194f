package dev.hubbub.token;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.hubbub.config.Access;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Action;
import dev.hubbub.session.Grant;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Rights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a token says, once its signature is known to be good: who, until when, and what it grants (RFC 7519). */
record Claims(Access.Jwt settings) {
    private static final int MOST_NAME = 128;
    /** Users that Hubbub makes itself. */
    private static final String ANONYMOUS = "anon-";

    private static final String BACKEND = "backend";

    /** A claim is not as it must be; the message says which and how. */
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    Identity identity(JWTClaimsSet claims, long now) throws Wrong {
        long issuedAt = millis(claims, "iat");
        long latest = expiry(issuedAt, millis(claims, "exp"), now);
        inTime(claims, latest, issuedAt, now);
        if (!settings.issuer().isEmpty() && !settings.issuer().equals(claims.getIssuer())) {
            throw new Wrong("the token is not of the issuer that is trusted here");
        }
        if (!settings.audiences().isEmpty()
                && claims.getAudience().stream().noneMatch(settings.audiences()::contains)) {
            throw new Wrong("the token is for another audience");
        }
        return new Identity(
                user(claims), name(claims), Identity.Kind.USER, new Grant(latest, issuedAt, rights(claims)), null);
    }

    /** A token that says nothing of its end, or an end too far, is good as long as any may be. */
    private long expiry(long issuedAt, long expiresAt, long now) throws Wrong {
        long most = settings.maxAgeMs();
        if (issuedAt > 0) {
            return expiresAt > 0 ? Math.min(expiresAt, issuedAt + most) : issuedAt + most;
        }
        if (expiresAt <= 0) {
            throw new Wrong("the token must say when it was issued (iat) or when it expires (exp)");
        }
        if (expiresAt - now > most + settings.skewMs()) {
            throw new Wrong("a token without iat must expire within " + most / 1000 + " s");
        }
        return expiresAt;
    }

    private void inTime(JWTClaimsSet claims, long latest, long issuedAt, long now) throws Wrong {
        long skew = settings.skewMs();
        if (now - latest >= skew) {
            throw new Wrong("the token has expired");
        }
        if (millis(claims, "nbf") - now > skew || issuedAt - now > skew) {
            throw new Wrong("the token is not good yet");
        }
    }

    /** A time claim in ms, of at least 1: what is before 1970 is long over, and not missing. 0 where there is none. */
    private static long millis(JWTClaimsSet claims, String name) throws Wrong {
        Object value = claims.getClaim(name);
        if (value == null) {
            return 0;
        }
        if (value instanceof java.util.Date date) {
            return Math.max(1, date.toInstant().toEpochMilli());
        }
        throw new Wrong(name + " must be a number of seconds");
    }

    private UserId user(JWTClaimsSet claims) throws Wrong {
        Object value = claims.getClaim(settings.userClaim());
        String user = value instanceof Long || value instanceof Integer
                ? value.toString()
                : value instanceof String s ? s : "";
        if (!UserId.isValid(user)) {
            throw new Wrong("the claim " + settings.userClaim() + " must be a user id: 1 to 120 of [A-Za-z0-9_.@|~-]");
        }
        if (user.equals(BACKEND) || user.startsWith(ANONYMOUS)) {
            throw new Wrong("the claim " + settings.userClaim() + " is an id that is Hubbub's own");
        }
        return new UserId(user);
    }

    /** At most so much of it as others should have to read. */
    private @Nullable String name(JWTClaimsSet claims) {
        if (!(claims.getClaim(settings.nameClaim()) instanceof String name) || name.isEmpty()) {
            return null;
        }
        int end = name.offsetByCodePoints(0, Math.min(MOST_NAME, name.codePointCount(0, name.length())));
        return name.substring(0, end);
    }

    private Rights rights(JWTClaimsSet claims) throws Wrong {
        Object value = claims.getClaim(settings.roomsClaim());
        if (value == null) {
            return Rights.NONE;
        }
        if (!(value instanceof Map<?, ?> rooms) || rooms.size() > Rights.MOST_RULES) {
            throw wrongRooms("must be an object of at most " + Rights.MOST_RULES + " rooms");
        }
        List<Rights.Rule> rules = new ArrayList<>();
        for (Map.Entry<?, ?> entry : rooms.entrySet()) {
            String pattern = String.valueOf(entry.getKey());
            List<Action> actions = actions(entry.getValue());
            if (!actions.isEmpty()) {
                rules.add(Rights.Rule.of(pattern, actions)
                        .orElseThrow(() -> wrongRooms("names a room that is none: " + shortened(pattern))));
            }
        }
        return rules.isEmpty() ? Rights.NONE : new Rights(rules, Set.of());
    }

    private List<Action> actions(@Nullable Object value) throws Wrong {
        if (!(value instanceof List<?> words)) {
            throw wrongRooms("must have a list of actions for each room");
        }
        List<Action> actions = new ArrayList<>();
        for (Object word : words) {
            actions.add(Action.parse(String.valueOf(word))
                    .orElseThrow(() -> wrongRooms("knows join, publish, presence, history and kick, not "
                            + shortened(String.valueOf(word)))));
        }
        return actions;
    }

    private Wrong wrongRooms(String what) {
        return new Wrong("the claim " + settings.roomsClaim() + " " + what);
    }

    private static String shortened(String text) {
        return text.length() > 40 ? text.substring(0, 40) + "…" : text;
    }
}
