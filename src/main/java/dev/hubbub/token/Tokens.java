package dev.hubbub.token;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
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
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Users' tokens: JSON Web Tokens, signed (RFC 7515, RFC 7519). What cannot be verified is refused, for a reason that says
 * nothing of keys. Thread-safe; where a key may have to be fetched first, that is done in threads of its own.
 */
@Singleton
public final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    /** Longer ones are not looked at. */
    private static final int MOST_CHARACTERS = 16_384;

    private static final int THREADS = 2;
    private static final int MOST_WAITING = 1_000;
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
        if (keys.mayWait()) {
            waiting.execute(keys::warm);
        }
    }

    /** Who the token says that somebody is. Done at once, unless keys come from a URL. */
    public CompletionStage<Admission> verify(String token) {
        if (!settings.isUsed() || token.length() > MOST_CHARACTERS) {
            return CompletableFuture.completedFuture(unknown());
        }
        if (!keys.mayWait()) {
            return CompletableFuture.completedFuture(admission(token));
        }
        try {
            return CompletableFuture.supplyAsync(() -> admission(token), waiting);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(AWAY);
        }
    }

    private static Admission unknown() {
        return Admission.unauthenticated("the token is not valid");
    }

    private Admission admission(String text) {
        try {
            SignedJWT token = SignedJWT.parse(text);
            String algorithm = token.getHeader().getAlgorithm().getName();
            if (!settings.algorithms().contains(algorithm)) {
                return unknown();
            }
            for (JWK key : keys.of(token.getHeader())) {
                if (Verifiers.verify(token, key)) {
                    return Admission.of(claims.identity(token.getJWTClaimsSet(), clock.millis()));
                }
            }
            return unknown();
        } catch (ParseException e) {
            return unknown();
        } catch (Claims.Wrong e) {
            return Admission.unauthenticated(String.valueOf(e.getMessage()));
        } catch (KeySourceException e) {
            LOG.debug("no key for a token", e);
            return isKnown(e) ? unknown() : AWAY;
        }
    }

    /** A flood of tokens with unknown keys does not lead to a flood of looks: such a token is as good as unknown. */
    private static boolean isKnown(KeySourceException failure) {
        return failure instanceof com.nimbusds.jose.jwk.source.RateLimitReachedException;
    }

    @PreDestroy
    void stop() {
        waiting.shutdownNow();
    }
}
