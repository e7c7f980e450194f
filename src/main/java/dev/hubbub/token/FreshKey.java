package dev.hubbub.token;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API key that was just made: what goes into the file, and what its owner is given, which nobody can make from the file.
 *
 * @param bearer the key itself, {@code hbk_<id>_<secret>}
 */
public record FreshKey(ApiKeyFile.Entry entry, String bearer) {
    private static final int SECRET_BYTES = 32;
    private static final int ID_CHARACTERS = 10;
    private static final int DIGITS = 36;

    /** @param expires null for never */
    public static FreshKey make(
            @Nullable String label,
            List<String> scopes,
            Instant created,
            @Nullable Instant expires,
            SecureRandom random) {
        String id = random.ints(ID_CHARACTERS, 0, DIGITS)
                .mapToObj(digit -> Integer.toString(digit, DIGITS))
                .reduce("", String::concat);
        byte[] bits = new byte[SECRET_BYTES];
        random.nextBytes(bits);
        String secret = Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
        ApiKeyFile.Entry entry = new ApiKeyFile.Entry();
        entry.id = id;
        entry.label = label;
        entry.sha256 = ApiKey.hash(secret);
        entry.scopes = List.copyOf(scopes);
        entry.created = created.toString();
        entry.expires = expires == null ? null : expires.toString();
        return new FreshKey(entry, ApiKey.PREFIX + id + "_" + secret);
    }

    @Override
    public String toString() {
        return "FreshKey " + entry.id; // the rest is nobody's business
    }
}
