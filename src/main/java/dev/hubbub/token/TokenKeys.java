package dev.hubbub.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.CurveBasedJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.hubbub.config.Access;
import dev.hubbub.config.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys that tokens may be signed with, from wherever they are configured. Thread-safe. */
final class TokenKeys {
    /** Keys without names: whatever a token calls its own is no matter. */
    private final List<JWK> nameless = new ArrayList<>();

    private final @Nullable WatchedFile<JWKSet> file;
    private final @Nullable UrlKeys url;

    /** @throws ConfigurationException where a file does not hold what it should */
    TokenKeys(Access.Jwt settings, Clock clock) {
        if (!settings.secret().isEmpty()) {
            nameless.add(new OctetSequenceKey.Builder(settings.secret().getBytes(StandardCharsets.UTF_8)).build());
        }
        if (!settings.publicKeyFile().isEmpty()) {
            nameless.add(publicKey(settings.publicKeyFile()));
        }
        file = settings.jwksFile().isEmpty() ? null : watched(settings.jwksFile(), clock);
        url = settings.jwksUrl().isEmpty() ? null : remote(settings, clock);
    }

    private static JWK publicKey(String path) {
        try {
            return PublicKeys.parse(Files.readString(Path.of(path)));
        } catch (IOException | IllegalArgumentException e) {
            throw wrong("hubbub.auth.jwt.public-key-file", path, "a file with an RSA, EC or Ed25519 public key as PEM");
        }
    }

    private static WatchedFile<JWKSet> watched(String path, Clock clock) {
        try {
            return new WatchedFile<>(Path.of(path), TokenKeys::keySet, clock);
        } catch (IllegalArgumentException e) {
            throw wrong(
                    "hubbub.auth.jwt.jwks-file", path, "a file with a JSON Web Key Set (RFC 7517) of at least one key");
        }
    }

    private static ConfigurationException wrong(String key, String value, String allowed) {
        return new ConfigurationException(key, value, allowed);
    }

    private static JWKSet keySet(String text) {
        try {
            JWKSet set = JWKSet.parse(text);
            if (!set.isEmpty()) {
                return set;
            }
        } catch (ParseException e) {
            // told without the text: it may hold secrets
        }
        throw new IllegalArgumentException("it is no JSON Web Key Set with keys");
    }

    private static UrlKeys remote(Access.Jwt settings, Clock clock) {
        try {
            return new UrlKeys(settings, clock);
        } catch (IllegalArgumentException e) {
            throw wrong("hubbub.auth.jwt.jwks-url", settings.jwksUrl(), "a URL");
        }
    }

    /** Those that an identity provider publishes; null where none is set. */
    @Nullable
    UrlKeys url() {
        return url;
    }

    /** Those of this node's own files and settings that a token of this header may be signed with. */
    List<JWK> of(JWSHeader header) {
        List<JWK> keys = new ArrayList<>();
        KeyType kind = KeyType.forAlgorithm(header.getAlgorithm());
        for (JWK key : nameless) {
            if (key.getKeyType().equals(kind)) {
                keys.add(key);
            }
        }
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        if (file != null && matcher != null) {
            keys.addAll(new JWKSelector(matcher).select(file.get()));
        }
        return keys;
    }

    /** What the keys are, for people: without anything of a secret. The URL is not asked. */
    List<String> describe(Access.Jwt settings) {
        List<String> lines = new ArrayList<>();
        nameless.forEach(key -> lines.add(describe(key)
                + (key instanceof OctetSequenceKey
                        ? " of hubbub.auth.jwt.secret"
                        : " of " + settings.publicKeyFile())));
        if (file != null) {
            file.get().getKeys().forEach(key -> lines.add(describe(key) + " of " + settings.jwksFile()));
        }
        if (url != null) {
            lines.add("those of "
                    + settings.jwksUrl().replaceAll("//[^/@]*@", "//").replaceAll("\\?.*", ""));
        }
        return lines;
    }

    private static String describe(JWK key) {
        String kind = key instanceof OctetSequenceKey
                ? "a secret"
                : key instanceof AsymmetricJWK && key.getKeyType().equals(KeyType.RSA)
                        ? "RSA with " + key.size() + " bits"
                        : key instanceof CurveBasedJWK curved
                                ? curved.getCurve().getName()
                                : key.getKeyType().getValue();
        return key.getKeyID() == null ? kind : kind + " " + key.getKeyID();
    }
}
