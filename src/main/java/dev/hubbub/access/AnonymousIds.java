package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Ids of anonymous users, signed (HMAC-SHA-256), so that only who was given one can come back as that user: for as long as
 * a token is good at most, since then nobody remembers any more that the user was disconnected.
 */
@Singleton
public class AnonymousIds {
    /** Before whatever is an anonymous user's. */
    static final String PREFIX = "anon-";

    private static final Pattern SIGNED =
            Pattern.compile("(" + PREFIX + "[A-Za-z0-9_-]+)\\.([0-9]{1,12})\\.([A-Za-z0-9_-]+)");
    private static final int MOST_CHARACTERS = 128;
    private static final long SECOND_MS = 1_000;
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec secret;
    private final long lifeMs;
    private final Clock clock;

    @Inject
    public AnonymousIds(Settings settings, Clock clock) {
        this.lifeMs = settings.access.jwt().maxAgeMs();
        this.clock = clock;
        secret = new SecretKeySpec(secret(settings.access.anonymousSecret()), "HmacSHA256");
    }

    private byte[] secret(String configured) {
        return configured.isEmpty() ? bits(32) : configured.getBytes(StandardCharsets.UTF_8);
    }

    private byte[] bits(int count) {
        byte[] bits = new byte[count];
        random.nextBytes(bits);
        return bits;
    }

    /** A new user's id with the time, in seconds, and the signature of both. */
    public String issue() {
        String signed = PREFIX + BASE64.encodeToString(bits(9)) + "." + clock.millis() / SECOND_MS;
        return signed + "." + sign(signed);
    }

    /** The user that a signed id stands for; empty where its time is over, or the signature is another's or none. */
    Optional<UserId> verify(String signed) {
        return parts(signed)
                .filter(parts -> isSame(parts.group(3), sign(parts.group(1) + "." + parts.group(2))))
                .filter(parts -> endsAt(parts) > clock.millis())
                .map(parts -> parts.group(1))
                .filter(UserId::isValid)
                .map(UserId::new);
    }

    /** When a signed id is not good any more, in ms since the epoch; 0 where it is none. */
    long endsAt(String signed) {
        return parts(signed).map(this::endsAt).orElse(0L);
    }

    private long endsAt(MatchResult parts) {
        return Long.parseLong(parts.group(2)) * SECOND_MS + lifeMs;
    }

    private static Optional<MatchResult> parts(String signed) {
        Matcher matcher = SIGNED.matcher(signed);
        return signed.length() <= MOST_CHARACTERS && matcher.matches() ? Optional.of(matcher) : Optional.empty();
    }

    private static boolean isSame(String given, String signature) {
        return MessageDigest.isEqual(
                given.getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
    }

    private String sign(String id) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(secret);
            return BASE64.encodeToString(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)))
                    .substring(0, 22);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
