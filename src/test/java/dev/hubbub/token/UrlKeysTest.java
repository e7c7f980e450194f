package dev.hubbub.token;

import static dev.hubbub.token.Issuer.RSA;
import static dev.hubbub.token.Issuer.claims;
import static dev.hubbub.token.Issuer.problem;
import static dev.hubbub.token.Issuer.sign;
import static dev.hubbub.token.Issuer.tokens;
import static dev.hubbub.token.Issuer.verify;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.sun.net.httpserver.HttpServer;
import dev.hubbub.session.Admission;
import dev.hubbub.support.FakeClock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of an identity provider that answers first and hangs then: whose key is known waits for nobody. */
class UrlKeysTest {
    private static final String AWAY = "UNAVAILABLE the keys of tokens cannot be had just now";

    private final FakeClock clock = new FakeClock();
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean hangs;
    private HttpServer provider;
    private @Nullable Tokens tokens;

    @BeforeEach
    void start() throws IOException {
        byte[] keys = new JWKSet(RSA.toPublicJWK()).toString(true).getBytes(StandardCharsets.UTF_8);
        provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        provider.setExecutor(threads);
        provider.createContext("/keys", exchange -> {
            if (hangs) {
                end.join();
            }
            exchange.sendResponseHeaders(200, keys.length);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(keys);
            }
        });
        provider.start();
    }

    @AfterEach
    void stop() {
        if (tokens != null) {
            tokens.stop();
        }
        end.complete(null);
        provider.stop(0);
        threads.shutdownNow();
    }

    private String good() {
        return sign(JWSAlgorithm.RS256, RSA, claims(clock, ""));
    }

    private boolean isAtOnce() {
        CompletableFuture<Admission> admission = tokens.verify(good()).toCompletableFuture();
        return admission.isDone() && admission.join() instanceof Admission.Admitted;
    }

    @Test
    void knownKeysAreVerifiedAtOnceWhileUnknownOnesHang() {
        tokens = tokens(clock, "auth.jwt.jwks-url", url());
        Awaitility.await().until(this::isAtOnce);
        hangs = true;
        RSAKey other = Issuer.rsa("rsa-2");
        List<CompletableFuture<Admission>> unknown = new ArrayList<>();
        long before = System.nanoTime();
        for (int i = 0; i < 2_000; i++) {
            unknown.add(
                    tokens.verify(Issuer.raw("{\"alg\":\"RS256\",\"kid\":\"k" + i + "\"}", claims(clock, ""), "AAAA"))
                            .toCompletableFuture());
        }
        assertThat(unknown.get(0)).isNotDone();
        assertThat(problem(unknown.get(1_999).join())).isEqualTo(AWAY);
        for (int i = 0; i < 20; i++) {
            assertThat(isAtOnce()).isTrue();
        }
        // signed by somebody else under the name of a known key
        RSAKey forged = new RSAKey.Builder(other).keyID("rsa-1").build();
        assertThat(problem(verify(tokens, sign(JWSAlgorithm.RS256, forged, claims(clock, "")))))
                .isEqualTo("UNAUTHENTICATED the token is not valid");
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
        for (CompletableFuture<Admission> one : unknown) {
            assertThat(one.join()).isInstanceOf(Admission.Refused.class);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(6));
    }

    private String url() {
        return "http://127.0.0.1:" + provider.getAddress().getPort() + "/keys";
    }

    private UrlKeys asked(String outage) {
        UrlKeys keys = new UrlKeys(
                Issuer.settings("auth.jwt.jwks-url", url(), "auth.jwt.jwks-outage", outage)
                        .access
                        .jwt(),
                clock);
        assertThat(keys.isDue()).as("nothing was said yet").isFalse();
        assertThat(isAtHand(keys)).isFalse();
        assertThat(keys.warm()).isNull();
        keys.stop();
        return keys;
    }

    private static boolean isAtHand(UrlKeys keys) {
        return keys.atHand(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build())
                != null;
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT1H"})
    void whatTheUrlSaidIsAtHandUntilTheNextLookAndForAnOutageAndNoLonger(String outage) {
        UrlKeys keys = asked(outage);
        assertThat(keys.atHand(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-2").build()))
                .isNull();
        clock.advance(Duration.ofMinutes(5).plus(Duration.parse(outage)));
        assertThat(isAtHand(keys)).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(isAtHand(keys)).isFalse();
    }

    @Test
    void aLookIsDueOnceInAWhile() {
        UrlKeys keys = asked("PT1H");
        assertThat(keys.isDue()).isFalse();
        clock.advance(Duration.ofMinutes(6));
        assertThat(keys.isDue()).isTrue();
        assertThat(keys.isDue()).isFalse();
        clock.advance(Duration.ofSeconds(10));
        assertThat(keys.isDue()).isTrue();
    }
}
