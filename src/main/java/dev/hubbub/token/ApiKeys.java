package dev.hubbub.token;

import dev.hubbub.config.ConfigurationException;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Grant;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Backends' keys, such as {@code hbk_4f…_…}: kept as hashes in a file that is read again when it changes, so that keys come
 * and go without a restart. Thread-safe.
 */
@Singleton
public final class ApiKeys {
    /** Whoever publishes for a team's own software. */
    public static final UserId BACKEND = new UserId("backend");

    private static final Admission UNKNOWN = Admission.unauthenticated("the API key is not valid");

    private final @Nullable WatchedFile<Map<String, ApiKey>> file;
    private final Clock clock;

    /** @throws ConfigurationException where the file is none of keys */
    @Inject
    public ApiKeys(Settings settings, Clock clock) {
        this.clock = clock;
        String path = settings.access.apiKeysFile();
        try {
            file = path.isEmpty() ? null : new WatchedFile<>(Path.of(path), ApiKeyFile::parse, clock);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(
                    "hubbub.api-keys.file", path, "a file of keys as bin/hubbub key writes it: " + e.getMessage());
        }
    }

    /** Whether a bearer token is meant as an API key. */
    public static boolean isMeant(String bearer) {
        return bearer.startsWith(ApiKey.PREFIX);
    }

    public Admission verify(String bearer) {
        String[] parts = bearer.split("_", 3);
        ApiKey key = file == null || parts.length < 3 ? null : file.get().get(parts[1]);
        if (key == null || !isSame(key.hash(), ApiKey.hash(parts[2]))) {
            return UNKNOWN;
        }
        if (key.expiresAt() > 0 && key.expiresAt() <= clock.millis()) {
            return Admission.unauthenticated("the API key has expired");
        }
        Grant grant = new Grant(key.expiresAt(), 0, key.rights(), key.mark());
        return Admission.of(new Identity(BACKEND, key.label(), Identity.Kind.BACKEND, grant, null));
    }

    /** Whether a key that let somebody in is still there, and for the same. */
    public boolean stands(Grant grant) {
        String mark = grant.key();
        if (mark == null) {
            return true; // by no key
        }
        ApiKey key = file == null ? null : file.get().get(mark.substring(0, mark.indexOf(' ')));
        return key != null
                && key.mark().equals(mark)
                && key.rights().isSame(grant.rights())
                && (key.expiresAt() == 0 || key.expiresAt() > clock.millis());
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
