package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Ids of anonymous users, signed (HMAC-SHA-256), so that only who was given one can come back as that user. */
@Singleton
public class AnonymousIds {
    private static final String PREFIX = "anon-";
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec secret;

    @Inject
    public AnonymousIds(Settings settings) {
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

    /** A new user's id with its signature. */
    public String issue() {
        String id = PREFIX + BASE64.encodeToString(bits(9));
        return id + "." + sign(id);
    }

    /** The user that a signed id stands for; empty where the signature is another's or none. */
    Optional<UserId> verify(String signed) {
        int dot = signed.lastIndexOf('.');
        if (dot < 0 || signed.length() > 128 || !signed.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String id = signed.substring(0, dot);
        byte[] given = signed.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        boolean same = MessageDigest.isEqual(given, sign(id).getBytes(StandardCharsets.UTF_8));
        return same && UserId.isValid(id) ? Optional.of(new UserId(id)) : Optional.empty();
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
