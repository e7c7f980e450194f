package dev.hubbub.token;

import static dev.hubbub.token.Issuer.EC;
import static dev.hubbub.token.Issuer.RSA;
import static dev.hubbub.token.Issuer.claims;
import static dev.hubbub.token.Issuer.problem;
import static dev.hubbub.token.Issuer.sign;
import static dev.hubbub.token.Issuer.tokens;
import static dev.hubbub.token.Issuer.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import dev.hubbub.config.Access;
import dev.hubbub.support.FakeClock;
import dev.hubbub.support.Race;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that an identity provider publishes. The library keeps its own time, so what must pass here passes for real. */
class JwksUrlTest {
    private static final String NOT_VALID = "UNAUTHENTICATED the token is not valid";
    private static final String AWAY = "UNAVAILABLE the keys of tokens cannot be had just now";
    /** The shortest that the library allows with the time that asking may take. */
    private static final long SHORT_MS = 4_600;

    private final FakeClock clock = new FakeClock();
    private final Provider provider = new Provider(RSA.toPublicJWK());
    private final List<AutoCloseable> open = new ArrayList<>(List.of(provider));

    @TempDir
    Path directory;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    private Tokens at(String... more) {
        List<String> settings = new ArrayList<>(List.of("auth.jwt.jwks-url", provider.url()));
        settings.addAll(List.of(more));
        Tokens tokens = tokens(clock, settings.toArray(String[]::new));
        open.add(tokens::stop);
        return tokens;
    }

    private UrlKeys keys(long refreshMs, long outageMs) {
        Access.Jwt jwt = new Access.Jwt(
                "",
                "",
                "",
                provider.url(),
                refreshMs,
                outageMs,
                List.of("RS256"),
                "",
                List.of(),
                0,
                60_000,
                "sub",
                "name",
                "rooms");
        UrlKeys keys = new UrlKeys(jwt, clock);
        open.add(keys::stop);
        return keys;
    }

    private String token(JWK key) {
        return sign(JWSAlgorithm.RS256, key, claims(clock, ""));
    }

    private String unknown(int number) {
        return sign(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID("none-" + number)
                        .build(),
                RSA,
                claims(clock, ""));
    }

    @Test
    void itIsAskedAtTheStartAndThenNotForEachToken() {
        Tokens tokens = at();
        await().until(() -> provider.asked() == 1);
        for (int i = 0; i < 20; i++) {
            assertThat(problem(verify(tokens, token(RSA)))).isEqualTo("let in");
        }
        assertThat(provider.asked()).isEqualTo(1);
    }

    @Test
    void aKeyThatIsNewThereIsFoundAtOnce() {
        Tokens tokens = at();
        assertThat(problem(verify(tokens, token(RSA)))).isEqualTo("let in");
        RSAKey next = Issuer.rsa("rsa-2");
        provider.publish(next.toPublicJWK());
        assertThat(problem(verify(tokens, token(next)))).isEqualTo("let in");
        assertThat(problem(verify(tokens, token(RSA)))).as("a key that is gone").isEqualTo(NOT_VALID);
    }

    @Test
    void aFloodOfUnknownKeysLeadsToFewLooks() {
        Tokens tokens = at();
        assertThat(problem(verify(tokens, token(RSA)))).isEqualTo("let in");
        Race.run(8, thread -> {
            for (int i = 0; i < 25; i++) {
                assertThat(problem(verify(tokens, unknown(thread * 100 + i)))).isEqualTo(NOT_VALID);
            }
            return null;
        });
        assertThat(provider.asked()).isLessThanOrEqualTo(3);
        assertThat(problem(verify(tokens, token(RSA)))).isEqualTo("let in");
    }

    private static RSAKey named(RSAKey key, @Nullable String kid) {
        return new RSAKey.Builder(key).keyID(kid).build();
    }

    /** Its name is gone, or another's by now: only that it does not verify tells that there is another. */
    @ParameterizedTest
    @NullSource
    @ValueSource(strings = "same")
    void aKeyThatTakesThePlaceOfAnotherIsFoundAtOnce(@Nullable String kid) {
        RSAKey before = named(RSA, kid);
        RSAKey next = named(Issuer.rsa("rsa-2"), kid);
        provider.publish(before.toPublicJWK());
        Tokens tokens = at();
        assertThat(problem(verify(tokens, token(before)))).isEqualTo("let in");
        provider.publish(next.toPublicJWK());
        List<String> told = Race.run(4, thread -> problem(verify(tokens, token(next))));
        assertThat(told).containsOnly("let in");
        assertThat(problem(verify(tokens, token(before)))).isEqualTo(NOT_VALID);
        assertThat(provider.asked()).isEqualTo(2);
    }

    @Test
    void aFloodOfForgedTokensLeadsToFewLooks() {
        Tokens tokens = at();
        assertThat(problem(verify(tokens, token(RSA)))).isEqualTo("let in");
        RSAKey forged = named(Issuer.rsa("rsa-2"), RSA.getKeyID());
        Race.run(8, thread -> {
            for (int i = 0; i < 25; i++) {
                assertThat(problem(verify(tokens, token(forged)))).isEqualTo(NOT_VALID);
            }
            return null;
        });
        assertThat(provider.asked()).isLessThanOrEqualTo(2);
        assertThat(problem(verify(tokens, token(RSA)))).isEqualTo("let in");
        clock.advance(Duration.ofSeconds(10));
        assertThat(problem(verify(tokens, token(forged)))).isEqualTo(NOT_VALID);
        assertThat(provider.asked()).isLessThanOrEqualTo(3);
    }

    @Test
    void whileItHasNeverAnsweredNoTokenIsCalledWrong() {
        provider.away(true);
        Tokens tokens = at();
        for (int i = 0; i < 6; i++) {
            assertThat(problem(verify(tokens, token(RSA)))).isEqualTo(AWAY);
        }
        assertThat(tokens.askUrl()).isNotNull();
    }

    @Test
    void secretsAreNotTakenFromIt() {
        JWK secret = Issuer.secret("x".repeat(64));
        provider.publish(secret, RSA.toPublicJWK());
        Tokens tokens = at();
        assertThat(problem(verify(tokens, sign(JWSAlgorithm.HS256, secret, claims(clock, "")))))
                .isEqualTo(NOT_VALID);
        assertThat(problem(verify(tokens, token(RSA)))).isEqualTo("let in");
    }

    @Test
    void aFilesKeyOfTheSameKindDoesNotHideIt() throws Exception {
        RSAKey own = Issuer.rsa("own");
        Path file = Files.writeString(
                directory.resolve("key.pem"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + java.util.Base64.getMimeEncoder()
                                .encodeToString(own.toRSAPublicKey().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        Tokens tokens = at("auth.jwt.public-key-file", file.toString());
        assertThat(problem(verify(tokens, token(own)))).isEqualTo("let in");
        assertThat(problem(verify(tokens, token(RSA)))).isEqualTo("let in");
    }

    @Test
    void keysAreUsedOnWhileItIsAway() throws Exception {
        UrlKeys keys = keys(SHORT_MS, 60_000);
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build();
        assertThat(keys.of(header)).hasSize(1);
        provider.away(true);
        await().during(Duration.ofMillis(SHORT_MS + 1_000))
                .atMost(Duration.ofSeconds(20))
                .until(() -> keys.of(header).size() == 1);
        assertThat(provider.asked()).isGreaterThan(1);
    }

    @Test
    void withoutAnOutageAllowedKeysAreGoodForTheirTimeAlone() throws Exception {
        UrlKeys keys = keys(SHORT_MS, 0);
        JWSHeader header =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build();
        assertThat(keys.of(header)).hasSize(1);
        provider.away(true);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try {
                return keys.of(header).isEmpty();
            } catch (KeySourceException e) {
                return true;
            }
        });
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() -> keys.of(header)).isInstanceOf(KeySourceException.class);
        }
    }

    @Test
    void theShortestRefreshThatIsAllowedIsOne() {
        assertThat(problem(verify(at("auth.jwt.jwks-refresh", "PT10S"), token(RSA))))
                .isEqualTo("let in");
    }

    @Test
    void anAnswerThatIsTooLargeIsNone() {
        provider.publish(
                new RSAKey.Builder(RSA.toPublicJWK()).keyID("x".repeat(600_000)).build(), EC.toPublicJWK());
        assertThat(problem(verify(at(), token(RSA)))).isEqualTo(AWAY);
    }
}
