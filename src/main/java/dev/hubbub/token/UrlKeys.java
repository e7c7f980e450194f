package dev.hubbub.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSourceWrapper;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.jwk.source.URLBasedJWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import dev.hubbub.config.Access;
import java.io.Closeable;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that an identity provider publishes. What it said last is at hand without waiting, as long as it is good; what
 * is not among that has to be asked for. Thread-safe.
 */
final class UrlKeys {
    private static final Logger LOG = LoggerFactory.getLogger(UrlKeys.class);
    /** For an identity provider to connect and to answer, in ms; and what it may answer, in bytes. */
    private static final int ANSWER_MS = 1_500;

    private static final int ANSWER_BYTES = 512 * 1024;
    /** Keys that nobody knows lead to a look at the URL, but no more often than this, in ms. */
    private static final long BETWEEN_LOOKS_MS = 10_000;

    private static final long NEVER = Long.MIN_VALUE / 2;

    private static final JWKSelector ANY = new JWKSelector(new JWKMatcher.Builder().build());
    /** No key is so large: whatever is in the cache, the URL is asked. */
    private static final JWKSelector NONE = new JWKSelector(
            new JWKMatcher.Builder().minKeySize(Integer.MAX_VALUE).build());

    private final JWKSource<SecurityContext> source;
    private final long refreshMs;
    private final long outageMs;
    private final Clock clock;
    private final AtomicLong lookedAt = new AtomicLong();
    private volatile @Nullable Seen seen;
    /** For keys in the place of those that are at hand: the last look, and when it began. Guarded by this. */
    private CompletableFuture<Void> look = CompletableFuture.completedFuture(null);

    private long lookAt = NEVER;

    /** What the URL has said, and when. */
    private record Seen(JWKSet keys, long at) {}

    /** @throws IllegalArgumentException where it is no URL */
    UrlKeys(Access.Jwt settings, Clock clock) {
        this.refreshMs = settings.jwksRefreshMs();
        this.outageMs = settings.jwksOutageMs();
        this.clock = clock;
        var builder = JWKSourceBuilder.create(new Remembering(url(settings)))
                .cache(refreshMs, 2 * ANSWER_MS)
                .refreshAheadCache(refreshMs / 3, true)
                .rateLimited(betweenLooksMs())
                .retrying(true);
        this.source = outageMs > 0 ? builder.outageTolerant(outageMs).build() : builder.build();
    }

    private static URL url(Access.Jwt settings) {
        try {
            return URI.create(settings.jwksUrl()).toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("it is no URL", e);
        }
    }

    private final class Remembering extends JWKSetSourceWrapper<SecurityContext> {
        Remembering(URL url) {
            super(new URLBasedJWKSetSource<>(url, new DefaultResourceRetriever(ANSWER_MS, ANSWER_MS, ANSWER_BYTES)));
        }

        @Override
        public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, @Nullable SecurityContext context)
                throws KeySourceException {
            JWKSet keys = getSource().getJWKSet(evaluator, now, context);
            seen = new Seen(keys, clock.millis());
            return keys;
        }
    }

    /** Asks, so that the first who comes does not have to; null where the keys are there. */
    @Nullable
    String warm() {
        try {
            source.get(ANY, null);
            return null;
        } catch (KeySourceException e) {
            LOG.warn("hubbub.auth.jwt.jwks-url does not answer yet: {}", e.getMessage());
            return String.valueOf(e.getMessage());
        }
    }

    /** Whether to {@link #warm} now, since the last answer is getting old; tells it to one, once in a while. */
    boolean isDue() {
        Seen last = seen;
        long now = clock.millis();
        long looked = lookedAt.get();
        return last != null
                && now - last.at > refreshMs
                && now - looked >= BETWEEN_LOOKS_MS
                && lookedAt.compareAndSet(looked, now);
    }

    /**
     * Asks again, for a token that none of the keys at hand verifies: its key may have taken another's name, or have none.
     * Done when that is over, and at once where it was done just now; who comes meanwhile waits for the same look.
     *
     * @param later runs what may wait, or says that it does not
     */
    CompletableFuture<Void> again(Predicate<Runnable> later) {
        CompletableFuture<Void> next = new CompletableFuture<>();
        synchronized (this) {
            long now = clock.millis();
            if (!look.isDone() || now - lookAt < betweenLooksMs()) {
                return look;
            }
            look = next;
            lookAt = now;
        }
        boolean taken = later.test(() -> {
            try {
                source.get(NONE, null);
            } catch (KeySourceException | RuntimeException e) {
                LOG.debug("no newer keys", e);
            }
            next.complete(null);
        });
        if (!taken) {
            next.complete(null);
            synchronized (this) {
                lookAt = NEVER; // whoever comes next may
            }
        }
        return next;
    }

    private long betweenLooksMs() {
        return Math.min(BETWEEN_LOOKS_MS, refreshMs / 2);
    }

    /** Those that a token of this header may be signed with, of what is at hand; null where the URL has to be asked. */
    @Nullable
    List<JWK> atHand(JWSHeader header) {
        JWKMatcher matcher = matcher(header);
        if (matcher == null) {
            return List.of();
        }
        Seen last = seen;
        if (last == null || clock.millis() - last.at > refreshMs + outageMs) {
            return null;
        }
        List<JWK> keys = new JWKSelector(matcher).select(last.keys);
        return keys.isEmpty() ? null : keys;
    }

    /**
     * The same, where the URL may have to be asked first.
     *
     * @throws KeySourceException where the URL has not answered, and nothing that it said before is good
     */
    List<JWK> of(JWSHeader header) throws KeySourceException {
        JWKMatcher matcher = matcher(header);
        if (matcher == null) {
            return List.of();
        }
        try {
            return source.get(new JWKSelector(matcher), null);
        } catch (RateLimitReachedException e) {
            // a flood of tokens with keys that nobody knows does not lead to a flood of looks. Where the URL's keys are
            // known, such a token is as good as unknown; where not, this fails again, and nobody can tell
            source.get(ANY, null);
            return List.of();
        }
    }

    /** Null for what no public key is good for: secrets are not to be had from a URL. */
    private static @Nullable JWKMatcher matcher(JWSHeader header) {
        return JWSAlgorithm.Family.HMAC_SHA.contains(header.getAlgorithm()) ? null : JWKMatcher.forJWSHeader(header);
    }

    /** Ends what looks at the URL ahead of time. */
    void stop() {
        if (source instanceof Closeable closeable) {
            try {
                closeable.close();
            } catch (IOException e) {
                LOG.debug("hubbub.auth.jwt.jwks-url", e);
            }
        }
    }
}
