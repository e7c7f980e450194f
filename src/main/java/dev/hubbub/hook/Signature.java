package dev.hubbub.hook;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs a request with HMAC-SHA256 (RFC 2104) over its time and its body, so that an old one cannot be sent again. */
record Signature(String secret) {
    private static final String HMAC = "HmacSHA256";

    /**
     * The header's value.
     *
     * @param seconds since the epoch
     */
    String of(long seconds, String body) {
        return "t=" + seconds + ",v1=" + hex(seconds + "." + body);
    }

    private String hex(String text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e); // every JRE has it
        }
    }
}
