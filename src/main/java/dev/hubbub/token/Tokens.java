package dev.hubbub.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.hubbub.config.Access;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.Admission;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users' tokens: JSON Web Tokens, signed (RFC 7515, RFC 7519). What cannot be verified is refused, for a reason that says
 * nothing of keys. Thread-safe; where a key has to be fetched first, that is done in threads of its own, for which nobody
 * waits whose key is at hand.
 */
@Singleton
public final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    /** Longer ones are not looked at. */
    private static final int MOST_CHARACTERS = 16_384;

    private static final int THREADS = 2;
    private static final int MOST_WAITING = 1_000;
    /** For a key that has to be fetched. */
    private static final long MOST_MS = 3_000;

    private static final long RETRY_MS = 2_000;
    private static final Admission AWAY = Admission.refused(
            new Refusal(ErrorCode.UNAVAILABLE, "the keys of tokens cannot be had just now", RETRY_MS));

    private final Access.Jwt settings;
    private final Claims claims;
    private final Clock clock;
    private final TokenKeys keys;
    private final ThreadPoolExecutor waiting;

    /** @throws dev.hubbub.config.ConfigurationException where a file does not hold what it should */
    @Inject
    public Tokens(Settings settings, Clock clock) {
        this.settings = settings.access.jwt();
        this.claims = new Claims(this.settings);
        this.clock = clock;
        this.keys = new TokenKeys(this.settings, clock);
        this.waiting = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "tokens");
                    thread.setDaemon(true);
                    return thread;
                });
        waiting.allowCoreThreadTimeOut(true);
        if (keys.url() != null) {
            waiting.execute(this::askUrl);
        }
    }

    /** Who the token says that somebody is. Done at once, unless its key has to be fetched from a URL. */
    public CompletionStage<Admission> verify(String text) {
        if (!settings.isUsed() || text.length() > MOST_CHARACTERS) {
            return CompletableFuture.completedFuture(unknown());
        }
        try {
            SignedJWT token = SignedJWT.parse(text);
            JWSHeader header = token.getHeader();
            UrlKeys url = keys.url();
            if (!settings.algorithms().contains(header.getAlgorithm().getName())) {
                return CompletableFuture.completedFuture(unknown());
            }
            // the URL's keys only where no other is the token's: it may have to be asked
            boolean verified = verifies(keys.of(header), token);
            if (verified || url == null) {
                return CompletableFuture.completedFuture(admission(verified, token));
            }
            if (url.isDue()) {
                later(this::askUrl);
            }
            List<JWK> atHand = url.atHand(header);
            if (atHand == null) {
                return fetched(url, token);
            }
            return verifies(atHand, token)
                    ? CompletableFuture.completedFuture(admission(true, token))
                    : replaced(url, token, atHand);
        } catch (ParseException e) {
            return CompletableFuture.completedFuture(unknown());
        }
    }

    private static Admission unknown() {
        return Admission.unauthenticated("the token is not valid");
    }

    /** Whoever has been told already that the key is not to be had is not worth a look any more. */
    private CompletionStage<Admission> fetched(UrlKeys url, SignedJWT token) {
        CompletableFuture<Admission> admission = new CompletableFuture<>();
        boolean taken = later(() -> {
            if (!admission.isDone()) {
                admission.complete(fetch(url, token));
            }
        });
        return taken
                ? admission.completeOnTimeout(AWAY, MOST_MS, TimeUnit.MILLISECONDS)
                : CompletableFuture.completedFuture(AWAY);
    }

    /** By a key that has taken the place of those at hand, where the URL has one by now. */
    private CompletionStage<Admission> replaced(UrlKeys url, SignedJWT token, List<JWK> before) {
        return url.again(this::later)
                .copy() // whoever does not wait any longer does not end the look of others
                .completeOnTimeout(null, MOST_MS, TimeUnit.MILLISECONDS)
                .thenApply(done -> {
                    List<JWK> now = url.atHand(token.getHeader());
                    return admission(now != null && !now.equals(before) && verifies(now, token), token);
                });
    }

    private boolean later(Runnable task) {
        try {
            waiting.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private Admission fetch(UrlKeys url, SignedJWT token) {
        try {
            return admission(verifies(url.of(token.getHeader()), token), token);
        } catch (KeySourceException | RuntimeException e) {
            LOG.debug("no key for a token", e);
            return AWAY;
        }
    }

    private Admission admission(boolean verified, SignedJWT token) {
        try {
            return verified ? Admission.of(claims.identity(token.getJWTClaimsSet(), clock.millis())) : unknown();
        } catch (ParseException e) {
            return unknown();
        } catch (Claims.Wrong e) {
            return Admission.unauthenticated(String.valueOf(e.getMessage()));
        }
    }

    private static boolean verifies(List<JWK> keys, SignedJWT token) {
        return keys.stream().anyMatch(key -> Verifiers.verify(token, key));
    }

    /** What a server with these settings would say against a token with these claims; null where nothing. */
    public static @Nullable String objection(Settings settings, JWTClaimsSet claims, Clock clock) {
        try {
            // as the server reads them
            JWTClaimsSet read = JWTClaimsSet.parse(claims.toString());
            Objects.requireNonNull(new Claims(settings.access.jwt()).identity(read, clock.millis()));
            return null;
        } catch (Claims.Wrong e) {
            return e.getMessage();
        } catch (ParseException e) {
            return "the token is not valid";
        }
    }

    /** What tokens may be signed with, a line each, for people. */
    public List<String> keys() {
        return keys.describe(settings);
    }

    /** Asks for the keys of {@code hubbub.auth.jwt.jwks-url}, for some seconds; null where there are some, or no URL. */
    public @Nullable String askUrl() {
        UrlKeys url = keys.url();
        return url == null ? null : url.warm();
    }

    @PreDestroy
    void stop() {
        UrlKeys url = keys.url();
        if (url != null) {
            url.stop();
        }
        waiting.shutdownNow();
    }
}
