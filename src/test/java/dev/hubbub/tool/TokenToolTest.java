package dev.hubbub.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Action;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Identity;
import dev.hubbub.support.FakeClock;
import dev.hubbub.token.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A token that is made is one that the server verifies, and one that it would refuse is not made. */
class TokenToolTest {
    private static final String SECRET_KEY = "hubbub.auth.jwt.secret";
    private static final String SECRET = "0123456789012345678901234567890123456789";

    private final FakeClock clock = new FakeClock();

    @TempDir
    Path directory;

    private Call call(Map<String, String> settings, String... options) {
        List<String> words = new ArrayList<>(List.of("token"));
        words.addAll(List.of(options));
        return Call.of(clock, directory, settings, words.toArray(String[]::new));
    }

    private Identity verified(Map<String, String> settings, Call call) {
        assertThat(call.err()).isEmpty();
        assertThat(call.status()).isZero();
        assertThat(call.out()).matches("[A-Za-z0-9_.-]+\\R");
        Admission admission = new Tokens(Settings.of(settings), clock)
                .verify(call.out().strip())
                .toCompletableFuture()
                .join();
        assertThat(admission).isInstanceOf(Admission.Admitted.class);
        return ((Admission.Admitted) admission).identity();
    }

    private static void refused(Call call, int status, String... words) {
        assertThat(call.status()).as(call.err()).isEqualTo(status);
        assertThat(call.out()).isEmpty();
        assertThat(call.err()).contains(words).hasLineCount(1).doesNotContain(SECRET);
    }

    @Test
    void aTokenIsSignedWithTheServersOwnSecret() {
        Map<String, String> settings = Map.of(SECRET_KEY, SECRET);
        Identity identity = verified(
                settings,
                call(
                        settings,
                        "--user",
                        "ana",
                        "--room",
                        "chat:*=join,publish",
                        "--room=news=history",
                        "--name",
                        "Ana B"));
        assertThat(identity.user().value()).isEqualTo("ana");
        assertThat(identity.name()).isEqualTo("Ana B");
        assertThat(identity.rights().allow(Action.PUBLISH, new RoomName("chat:a")))
                .isTrue();
        assertThat(identity.rights().allow(Action.HISTORY, new RoomName("chat:a")))
                .isFalse();
        assertThat(identity.rights().allow(Action.HISTORY, new RoomName("news")))
                .isTrue();
        assertThat(identity.grant().issuedAt()).isEqualTo(clock.millis());
        assertThat(identity.expiresAt()).isEqualTo(clock.millis() + 3_600_000);
    }

    @Test
    void whatTheServerWantsInATokenIsTakenFromItsSettings() throws Exception {
        Map<String, String> settings = Map.of(
                SECRET_KEY,
                SECRET,
                "hubbub.auth.jwt.issuer",
                "https://id.example.com",
                "hubbub.auth.jwt.audience",
                "chat,shop",
                "hubbub.auth.user-claim",
                "uid",
                "hubbub.auth.name-claim",
                "nick",
                "hubbub.auth.rooms-claim",
                "https://example.com/rooms",
                "hubbub.auth.jwt.max-age",
                "PT30M");
        Call call = call(settings, "--user", "ana", "--room", "a=join", "--name", "A");
        Identity identity = verified(settings, call);
        assertThat(identity.expiresAt()).isEqualTo(clock.millis() + 1_800_000);
        assertThat(SignedJWT.parse(call.out().strip()).getJWTClaimsSet().getAudience())
                .containsExactly("chat");
        verified(settings, call(settings, "--user", "ana", "--audience", "x", "--audience", "shop"));
    }

    @Test
    void aTokenIsSignedWithASecretOfAFile() throws Exception {
        Files.writeString(directory.resolve("secret"), SECRET + SECRET + "\n");
        Map<String, String> settings = Map.of(SECRET_KEY, SECRET + SECRET);
        verified(settings, call(settings, "--user", "ana", "--secret-file", "secret", "--alg", "HS512", "--ttl", "7d"));
        Files.writeString(directory.resolve("short"), "short\n");
        refused(call(settings, "--user", "ana", "--secret-file", "short"), 64, "32 characters");
        refused(call(settings, "--user", "ana", "--secret-file", "none"), 64, "cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        "RSA,2048,RS256",
        "RSA,2048,PS256",
        "RSA,2048,",
        "EC,256,ES256",
        "EC,384,",
        "EC,521,ES512",
        "Ed25519,255,EdDSA",
        "Ed25519,255,"
    })
    void aTokenIsSignedWithAPrivateKey(String kind, int bits, String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        pem("key.pem", "PRIVATE", pair.getPrivate().getEncoded());
        Path open = pem("open.pem", "PUBLIC", pair.getPublic().getEncoded());
        Map<String, String> settings = Map.of("hubbub.auth.jwt.public-key-file", open.toString());
        Call call = algorithm == null
                ? call(settings, "--user", "ana", "--key-file", "key.pem", "--kid", "k1")
                : call(settings, "--user", "ana", "--key-file", "key.pem", "--alg", algorithm, "--kid", "k1");
        assertThat(verified(settings, call).user().value()).isEqualTo("ana");
        assertThat(SignedJWT.parse(call.out().strip()).getHeader().getKeyID()).isEqualTo("k1");
        refused(call(settings, "--user", "ana", "--key-file", "key.pem", "--alg", "HS256"), 64, "--alg must suit");
        refused(call(settings, "--user", "ana", "--key-file", "open.pem"), 64, "BEGIN PRIVATE KEY");
    }

    private Path pem(String name, String what, byte[] der) throws Exception {
        String text = "-----BEGIN " + what + " KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + what + " KEY-----\n";
        return Files.writeString(directory.resolve(name), text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--user|a b|must be a user id",
                "--user|backend|Hubbub's own",
                "--user|anon-1|Hubbub's own",
                "--user|ana --room x=jump|not jump",
                "--user|ana --room x:=join|names a room that is none: x:",
                "--user|ana --room x|--room must be a pattern",
                "--user|ana --room x=join --room x=publish|twice",
                "--user|ana --ttl 31d|at most hubbub.auth.jwt.max-age, which is P30D",
                "--user|ana --ttl 0s|--ttl must be a time",
                "--user|ana --ttl soon|--ttl must be a time",
                "--user|ana --issuer other|not of the issuer",
                "--user|ana --audience other|another audience",
                "--user|ana --alg HS512|--alg must suit the key: HS256",
                "--user|ana --alg none|--alg must suit the key",
                "--user|ana --secret-file a --key-file b|one too many",
                "--user|ana --colour red|'--colour' is not understood",
                "--user|ana --user eve|may be given once",
                "--user|ana more|'more' is not understood",
                "--user|ana --ttl|--ttl needs a value",
                "--name|Ana|--user is needed"
            })
    void whatTheServerWouldRefuseIsNotMade(String option, String rest, String message) {
        Map<String, String> settings =
                Map.of(SECRET_KEY, SECRET, "hubbub.auth.jwt.issuer", "us", "hubbub.auth.jwt.audience", "chat");
        List<String> words = new ArrayList<>(List.of(option));
        words.addAll(rest.equals("a b") ? List.of(rest) : List.of(rest.split(" ")));
        refused(call(settings, words.toArray(String[]::new)), 64, message);
    }

    @Test
    void anAlgorithmThatTheServerDoesNotTakeIsRefused() {
        Map<String, String> settings = Map.of(SECRET_KEY, SECRET, "hubbub.auth.jwt.algorithms", "RS256");
        refused(call(settings, "--user", "ana"), 64, "HS256 is not among hubbub.auth.jwt.algorithms");
    }

    @Test
    void withoutAKeyOrWithWrongSettingsNothingIsMade() {
        refused(call(Map.of(), "--user", "ana"), 78, "hubbub.auth.jwt.secret");
        refused(call(Map.of("hubbub.dev", "yes"), "--user", "ana"), 78, "hubbub.dev=yes", "true or false");
        refused(call(Map.of(SECRET_KEY, "short"), "--user", "ana"), 78, "(hidden)");
    }

    @Test
    void helpIsNoFailure() {
        Call call = call(Map.of("hubbub.dev", "yes"), "--help");
        assertThat(call.status()).isZero();
        assertThat(call.out()).startsWith("usage: hubbub token");
    }
}
