package dev.hubbub.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckToolTest {
    private static final String SECRET = "0123456789012345678901234567890123456789";

    private final FakeClock clock = new FakeClock();

    @TempDir
    Path directory;

    private Call check(String... pairs) {
        Map<String, String> settings = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            settings.put("hubbub." + pairs[i], pairs[i + 1]);
        }
        return Call.of(clock, directory, settings, "check");
    }

    private static String right(Call call) {
        assertThat(call.err()).isEmpty();
        assertThat(call.status()).isZero();
        assertThat(call.out()).startsWith("The configuration is right.").doesNotContain(SECRET);
        return call.out();
    }

    private String keyFile(String... options) {
        Call.of(clock, directory, Map.of(), options);
        return directory.resolve("keys.json").toString();
    }

    @Test
    void whoIsLetInAndWhatIsOpenToWhomIsSaid() {
        String keys = keyFile(
                "key",
                "add",
                "--file",
                "keys.json",
                "--scope",
                "publish:news:*",
                "--label",
                "newsroom",
                "--expires",
                "30d");
        String text = right(check(
                "auth.jwt.secret", SECRET,
                "auth.jwt.audience", "chat",
                "auth.jwt.issuer", "https://id.example.com",
                "auth.cookie", "session",
                "sanctions.file", directory.resolve("sanctions").toString(),
                "origins", "https://app.example.com",
                "api-keys.file", keys,
                "trusted-proxies", "10.0.0.0/8",
                "namespace.news.join", "users",
                "namespace.news.publish", "backend"));
        assertThat(text)
                .contains(
                        "a secret of hubbub.auth.jwt.secret", "the issuer https://id.example.com", "the audience chat")
                .contains("session, which holds a token", "newsroom", "publish:news:*", "https://app.example.com")
                .contains("10.0.0.0/8", "No warnings.")
                .containsPattern("(?m)^ *news +users +backend +granted +granted +granted$")
                .containsPattern("(?m)^ *default +granted +granted +granted +granted +granted$")
                .contains("memory: they end with this node", "are kept in " + directory.resolve("sanctions"));
        assertThat(directory.resolve("sanctions")).doesNotExist();
        assertThat(right(check("auth.jwt.secret", SECRET))).contains("good again after a restart");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dev|true|hubbub.dev=true",
                "limits.enabled|false|hubbub.limits.enabled=false",
                "auth.jwt.secret|" + SECRET + "|hubbub.auth.jwt.audience",
                "auth.jwt.secret|" + SECRET + "|hubbub.origins",
                "auth.anonymous|true|hubbub.auth.anonymous-secret",
                "auth.anonymous|true|hubbub.sanctions.file",
                "redis|redis://r.example.com:6379|hubbub.redis",
                "node|one|nobody is let in",
                "namespace.chat.kick|anyone|take others out in chat",
                "trusted-proxies|0.0.0.0/0|hubbub.trusted-proxies",
                "auth.cookie|session|hubbub.auth.cookie"
            })
    void whatIsRiskyIsWarnedOf(String key, String value, String warning) {
        assertThat(right(check(key, value)).lines().filter(l -> l.startsWith("warning: ")))
                .anyMatch(line -> line.contains(warning));
    }

    @Test
    void anonymousUsersWhoMayPublishAreWarnedOf() {
        String text = right(check(
                "auth.anonymous", "true", "namespace.lobby.publish", "anyone", "redis", "redis://:geheim@r:6379"));
        assertThat(text)
                .contains("warning: anonymous users may publish in lobby", "another one on each node")
                .doesNotContain("geheim");
        assertThat(right(check("auth.anonymous", "true"))).doesNotContain("may publish in");
    }

    @Test
    void keysThatMayDoEverythingForEverAreWarnedOf() {
        String keys = keyFile("key", "add", "--file", "keys.json", "--scope", "admin");
        assertThat(right(check("api-keys.file", keys))).contains("may do everything and does not expire");
    }

    @Test
    void aUrlOfKeysThatDoesNotAnswerIsWarnedOf() {
        String text = right(check("auth.jwt.jwks-url", "http://127.0.0.1:1/keys"));
        assertThat(text).contains("jwks-url gives no keys now", "plain http", "those of http://127.0.0.1:1/keys");
    }

    @Test
    void aWrongConfigurationIsOneLineAndNothingElse() throws Exception {
        String broken = Files.writeString(directory.resolve("broken"), "broken").toString();
        String[][] all = {
            {"dev", "yes"},
            {"no-such-key", "1"},
            {"trusted-proxies", "1.2.3"},
            {"trusted-proxies", "10.0.0.0/33"},
            {"api-keys.file", broken},
            {"api-keys.file", "none"},
            {"sanctions.file", "/no/such/directory/file"},
            {"auth.jwt.jwks-file", broken},
            {"auth.jwt.public-key-file", broken}
        };
        for (String[] one : all) {
            Call call = check(one);
            assertThat(call.status()).isEqualTo(78);
            assertThat(call.out()).isEmpty();
            assertThat(call.err()).contains("hubbub." + one[0], one[1]).hasLineCount(1);
        }
    }

    @Test
    void aSecretIsNotToldUnderAMisspeltName() {
        for (String name : new String[] {"auth.jwt.secert", "auth.jwt.secret.", "redis-url"}) {
            Call call = check(name, SECRET);
            assertThat(call.status()).isEqualTo(78);
            assertThat(call.err()).contains(name).doesNotContain(SECRET);
        }
    }

    @Test
    void wordsThatAreNotUnderstoodAreRefused() {
        assertThat(Call.of(clock, directory, Map.of(), "check", "now").status()).isEqualTo(64);
        assertThat(Call.of(clock, directory, Map.of(), "cheque").status()).isEqualTo(64);
        assertThat(Call.of(clock, directory, Map.of(), "check", "--help").out()).startsWith("usage: hubbub check");
    }
}
