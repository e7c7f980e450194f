package dev.hubbub.token;

import static dev.hubbub.token.Issuer.RSA;
import static dev.hubbub.token.Issuer.SECRET;
import static dev.hubbub.token.Issuer.claims;
import static dev.hubbub.token.Issuer.identity;
import static dev.hubbub.token.Issuer.problem;
import static dev.hubbub.token.Issuer.settings;
import static dev.hubbub.token.Issuer.sign;
import static dev.hubbub.token.Issuer.signed;
import static dev.hubbub.token.Issuer.tokens;
import static dev.hubbub.token.Issuer.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import dev.hubbub.config.ConfigurationException;
import dev.hubbub.support.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures: which keys are good for which tokens. */
class TokensTest {
    private static final String NOT_VALID = "UNAUTHENTICATED the token is not valid";

    private final FakeClock clock = new FakeClock();

    @TempDir
    Path directory;

    private String file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text).toString();
    }

    private static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private String keySet(JWK... keys) throws IOException {
        return file("jwks.json", new JWKSet(List.of(keys)).toString(true));
    }

    @Test
    void noTokenIsGoodWhereNoKeyIsSet() {
        assertThat(problem(verify(tokens(clock), signed(claims(clock, ""))))).isEqualTo(NOT_VALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "HS384", "HS512"})
    void aSecretVerifiesItsOwnAlgorithms(String algorithm) {
        String secret = "x".repeat(64);
        Tokens tokens = tokens(clock, "auth.jwt.secret", secret);
        String token = sign(JWSAlgorithm.parse(algorithm), Issuer.secret(secret), claims(clock, ""));
        assertThat(identity(verify(tokens, token)).user().value()).isEqualTo("ana");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
    void aPublicRsaKeyVerifiesItsOwnAlgorithms(String algorithm) throws Exception {
        Tokens tokens = tokens(clock, "auth.jwt.public-key-file", file("key.pem", pem(RSA.toRSAPublicKey())));
        String token = sign(JWSAlgorithm.parse(algorithm), RSA, claims(clock, ""));
        assertThat(identity(verify(tokens, token)).user().value()).isEqualTo("ana");
    }

    @Test
    void aPublicEllipticCurveKeyVerifiesTheAlgorithmOfItsCurve() throws Exception {
        for (Curve curve : List.of(Curve.P_256, Curve.P_384, Curve.P_521)) {
            ECKey key = Issuer.ec(curve, "ec");
            Tokens tokens = tokens(clock, "auth.jwt.public-key-file", file("key.pem", pem(key.toECPublicKey())));
            JWSAlgorithm algorithm = Curve.P_256.equals(curve)
                    ? JWSAlgorithm.ES256
                    : Curve.P_384.equals(curve) ? JWSAlgorithm.ES384 : JWSAlgorithm.ES512;
            assertThat(identity(verify(tokens, sign(algorithm, key, claims(clock, ""))))
                            .user()
                            .value())
                    .isEqualTo("ana");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "None", "NONE", "HS1", "RSA-OAEP", ""})
    void aTokenWithoutASignatureThatIsKnownIsRefused(String algorithm) {
        Tokens tokens = tokens(clock, "auth.jwt.secret", SECRET);
        String claims = claims(clock, "");
        for (String signature : List.of("", "AAAA")) {
            String token = Issuer.raw("{\"alg\":\"" + algorithm + "\"}", claims, signature);
            assertThat(problem(verify(tokens, token))).isEqualTo(NOT_VALID);
        }
    }

    @Test
    void aPublicKeyIsNoSecret() throws Exception {
        String pem = pem(RSA.toRSAPublicKey());
        Tokens tokens = tokens(clock, "auth.jwt.public-key-file", file("key.pem", pem));
        for (String secret : List.of(pem, pem.strip(), RSA.toPublicJWK().toJSONString())) {
            String token = sign(JWSAlgorithm.HS256, Issuer.secret(secret), claims(clock, ""));
            assertThat(problem(verify(tokens, token))).isEqualTo(NOT_VALID);
        }
    }

    @Test
    void anAlgorithmThatIsNotListedIsRefused() {
        Tokens tokens = tokens(clock, "auth.jwt.secret", "x".repeat(64), "auth.jwt.algorithms", "HS512");
        assertThat(problem(verify(tokens, sign(JWSAlgorithm.HS256, Issuer.secret("x".repeat(64)), claims(clock, "")))))
                .isEqualTo(NOT_VALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a.b.c",
                "{}",
                "eyJhbGciOiJIUzI1NiJ9..",
                "\u0000",
                "eyJhbGciOiJIUzI1NiJ9.e30",
            })
    void whatIsNoTokenIsRefused(String text) {
        assertThat(problem(verify(tokens(clock, "auth.jwt.secret", SECRET), text)))
                .isEqualTo(NOT_VALID);
    }

    @Test
    void headersThatBringTheirOwnKeyOrWantMoreAreRefused() throws Exception {
        Tokens tokens = tokens(clock, "auth.jwt.secret", SECRET, "auth.jwt.jwks-file", keySet(RSA.toPublicJWK()));
        RSAKey own = Issuer.rsa("rsa-1");
        JWSHeader withKey = new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID("rsa-1")
                .jwk(own.toPublicJWK())
                .build();
        JWSHeader critical = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .criticalParams(Set.of("http://example.com/x"))
                .customParam("http://example.com/x", true)
                .build();
        for (String token : List.of(
                sign(withKey, own, claims(clock, "")),
                sign(critical, Issuer.secret(SECRET), claims(clock, "")),
                Issuer.raw("{\"alg\":\"RS256\",\"jwk\":" + own.toJSONString() + "}", claims(clock, ""), "AAAA"),
                Issuer.raw("{\"alg\":\"HS256\",\"jwk\":7}", claims(clock, ""), "AAAA"),
                Issuer.raw("{\"alg\":\"HS256\",\"b64\":false,\"crit\":[\"b64\"]}", claims(clock, ""), "AAAA"),
                Issuer.raw("{\"alg\":\"HS256\",\"crit\":[]}", claims(clock, ""), "AAAA"),
                Issuer.raw("{\"alg\":[\"HS256\"]}", claims(clock, ""), "AAAA"))) {
            assertThat(problem(verify(tokens, token))).isEqualTo(NOT_VALID);
        }
    }

    @Test
    void aTokenOfSixteenThousandCharactersIsNotLookedAt() {
        String token = signed(claims(clock, "\"x\":\"" + "x".repeat(20_000) + "\""));
        assertThat(problem(verify(tokens(clock, "auth.jwt.secret", SECRET), token)))
                .isEqualTo(NOT_VALID);
    }

    @Test
    void aKeySetsKeyIsFoundByItsName() throws Exception {
        RSAKey other = Issuer.rsa("rsa-2");
        Tokens tokens = tokens(clock, "auth.jwt.jwks-file", keySet(RSA.toPublicJWK(), other.toPublicJWK()));
        assertThat(identity(verify(tokens, sign(JWSAlgorithm.RS256, other, claims(clock, ""))))
                        .user()
                        .value())
                .isEqualTo("ana");
        JWSHeader wrong =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-1").build();
        assertThat(problem(verify(tokens, sign(wrong, other, claims(clock, "")))))
                .isEqualTo(NOT_VALID);
        JWSHeader unknown =
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa-3").build();
        assertThat(problem(verify(tokens, sign(unknown, RSA, claims(clock, "")))))
                .isEqualTo(NOT_VALID);
        JWSHeader nameless = new JWSHeader(JWSAlgorithm.RS256);
        assertThat(identity(verify(tokens, sign(nameless, other, claims(clock, ""))))
                        .user()
                        .value())
                .isEqualTo("ana");
    }

    @Test
    void aKeySetIsReadAgainWhenItChanges() throws Exception {
        Tokens tokens = tokens(clock, "auth.jwt.jwks-file", keySet(RSA.toPublicJWK()));
        RSAKey next = Issuer.rsa("rsa-2");
        String before = sign(JWSAlgorithm.RS256, RSA, claims(clock, ""));
        String after = sign(JWSAlgorithm.RS256, next, claims(clock, ""));
        assertThat(problem(verify(tokens, after))).isEqualTo(NOT_VALID);
        keySet(next.toPublicJWK(), Issuer.EC.toPublicJWK());
        clock.advance(Duration.ofSeconds(2));
        assertThat(problem(verify(tokens, after))).isEqualTo("let in");
        assertThat(problem(verify(tokens, before))).isEqualTo(NOT_VALID);
    }

    @Test
    void aKeyForEncryptionIsNotOneForSignatures() throws Exception {
        RSAKey forEncryption = new RSAKey.Builder(RSA)
                .keyUse(com.nimbusds.jose.jwk.KeyUse.ENCRYPTION)
                .build();
        Tokens tokens = tokens(clock, "auth.jwt.jwks-file", keySet(forEncryption.toPublicJWK()));
        assertThat(problem(verify(tokens, sign(JWSAlgorithm.RS256, RSA, claims(clock, "")))))
                .isEqualTo(NOT_VALID);
    }

    @Test
    void aWrongFileStopsTheStart() throws Exception {
        String path = file("wrong", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        for (String key : List.of("auth.jwt.public-key-file", "auth.jwt.jwks-file")) {
            assertThatThrownBy(() -> new Tokens(settings(key, path), clock))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("hubbub." + key + "=" + path);
        }
        String none = file("none.json", "{\"keys\":[]}");
        assertThatThrownBy(() -> new Tokens(settings("auth.jwt.jwks-file", none), clock))
                .isInstanceOf(ConfigurationException.class);
    }

    @Test
    void whatItsKeysAreIsToldWithoutTheSecret() throws Exception {
        Tokens tokens = tokens(
                clock,
                "auth.jwt.secret",
                SECRET,
                "auth.jwt.public-key-file",
                file("key.pem", pem(RSA.toRSAPublicKey())),
                "auth.jwt.jwks-file",
                keySet(Issuer.EC.toPublicJWK()));
        assertThat(tokens.keys())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("a secret"))
                .anyMatch(line -> line.startsWith("RSA with 2048 bits"))
                .anyMatch(line -> line.startsWith("P-256 ec-1"))
                .noneMatch(line -> line.contains(SECRET));
    }
}
