package dev.hubbub.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.CurveBasedJWK;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import dev.hubbub.config.Access;
import dev.hubbub.config.ConfigurationException;
import java.io.Closeable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The keys that tokens may be signed with, from wherever they are configured. Thread-safe; asking may wait for a URL. */
final class TokenKeys {
    private static final Logger LOG = LoggerFactory.getLogger(TokenKeys.class);
    /** For an identity provider to connect and to answer, in ms; and what it may answer, in bytes. */
    private static final int ANSWER_MS = 1_500;

    private static final int ANSWER_BYTES = 512 * 1024;
    /** Keys that nobody knows lead to a look at the URL, but no more often than this, in ms. */
    private static final long BETWEEN_LOOKS_MS = 10_000;

    private static final JWKSelector ANY = new JWKSelector(new JWKMatcher.Builder().build());

    /** Keys without names: whatever a token calls its own is no matter. */
    private final List<JWK> nameless = new ArrayList<>();

    private final @Nullable WatchedFile<JWKSet> file;
    private final @Nullable JWKSource<SecurityContext> url;

    /** @throws ConfigurationException where a file does not hold what it should */
    TokenKeys(Access.Jwt settings, Clock clock) {
        if (!settings.secret().isEmpty()) {
            nameless.add(new OctetSequenceKey.Builder(settings.secret().getBytes(StandardCharsets.UTF_8)).build());
        }
        if (!settings.publicKeyFile().isEmpty()) {
            nameless.add(publicKey(settings.publicKeyFile()));
        }
        file = settings.jwksFile().isEmpty() ? null : watched(settings.jwksFile(), clock);
        url = settings.jwksUrl().isEmpty() ? null : remote(settings);
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

    private static JWKSource<SecurityContext> remote(Access.Jwt settings) {
        try {
            var builder = JWKSourceBuilder.create(
                            URI.create(settings.jwksUrl()).toURL(),
                            new DefaultResourceRetriever(ANSWER_MS, ANSWER_MS, ANSWER_BYTES))
                    .cache(settings.jwksRefreshMs(), 2 * ANSWER_MS)
                    .refreshAheadCache(settings.jwksRefreshMs() / 3, true)
                    .rateLimited(Math.min(BETWEEN_LOOKS_MS, settings.jwksRefreshMs() / 2))
                    .retrying(true);
            return settings.jwksOutageMs() > 0
                    ? builder.outageTolerant(settings.jwksOutageMs()).build()
                    : builder.build();
        } catch (MalformedURLException | IllegalArgumentException e) {
            throw wrong("hubbub.auth.jwt.jwks-url", settings.jwksUrl(), "a URL");
        }
    }

    /** Whether asking may wait for an answer from elsewhere. */
    boolean mayWait() {
        return url != null;
    }

    /** Looks at the URL, so that the first who comes does not have to; null where it has answered. */
    @Nullable
    String warm() {
        try {
            if (url != null) {
                url.get(ANY, null);
            }
            return null;
        } catch (KeySourceException e) {
            LOG.warn("hubbub.auth.jwt.jwks-url does not answer yet: {}", e.getMessage());
            return String.valueOf(e.getMessage());
        }
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

    /**
     * Those of the URL, which may have to be asked first. Secrets are not to be had from there.
     *
     * @throws KeySourceException where the URL has not answered, and nothing that it said before is good
     */
    List<JWK> ofUrl(JWSHeader header) throws KeySourceException {
        JWKMatcher matcher = JWKMatcher.forJWSHeader(header);
        if (url == null || matcher == null || JWSAlgorithm.Family.HMAC_SHA.contains(header.getAlgorithm())) {
            return List.of();
        }
        try {
            return url.get(new JWKSelector(matcher), null);
        } catch (RateLimitReachedException e) {
            // a flood of tokens with keys that nobody knows does not lead to a flood of looks. Where the URL's keys are
            // known, such a token is as good as unknown; where not, this fails again, and nobody can tell
            url.get(ANY, null);
            return List.of();
        }
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

    /** Ends what looks at the URL ahead of time. */
    void stop() {
        if (url instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                LOG.debug("hubbub.auth.jwt.jwks-url", e);
            }
        }
    }
}
