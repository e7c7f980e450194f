package dev.hubbub.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** API keys of these tests, and what their file says of them. */
record Keys(String id, String secret, List<String> scopes, String expires) {
    static Keys of(String id, String... scopes) {
        return new Keys(id, "secret-of-" + id + "-that-nobody-guesses", List.of(scopes), "2099-01-01T00:00:00Z");
    }

    /** What the backend sends. */
    String key() {
        return Sites.secret("hbk_" + id + "_" + secret);
    }

    String[] header() {
        return new String[] {"Authorization", "Bearer " + key()};
    }

    private String entry() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return "{\"id\":\"%s\",\"label\":\"%s\",\"sha256\":\"%s\",\"expires\":\"%s\",\"scopes\":[%s]}"
                    .formatted(
                            id,
                            "label " + id,
                            HexFormat.of().formatHex(hash),
                            expires,
                            scopes.stream().map(s -> "\"" + s + "\"").collect(Collectors.joining(",")));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String file(Keys... keys) {
        return "{\"keys\":[" + Arrays.stream(keys).map(Keys::entry).collect(Collectors.joining(",")) + "]}";
    }
}
