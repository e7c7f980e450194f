package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.hubbub.access.ClientAddress;
import dev.hubbub.config.ConfigurationException;
import dev.hubbub.config.Settings;
import dev.hubbub.token.ApiKeys;
import dev.hubbub.token.Tokens;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values of who gets in that are wrong: everything that reads them says so, and none is taken for another. */
class BadSettingsTest {
    /** What {@code Startup} has read before anything is served. */
    private static void read(String key, String value) {
        Settings settings = Settings.of(Map.of(key, value));
        new ClientAddress(settings);
        new Tokens(settings, Clock.systemUTC());
        new ApiKeys(settings, Clock.systemUTC());
    }

    private static void isRefused(String key, String value, String told) {
        assertThatThrownBy(() -> read(key, value))
                .as(value)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(key, told);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "https://example.com,*",
                "https://*",
                "https://*.",
                "null",
                "example.com",
                "//example.com",
                "ws://example.com",
                "https://example.com/",
                "https://example.com/app",
                "https://example.com,",
                "https://a@example.com",
                "https://exa*mple.com",
                "https://a.*.example.com",
                "https://example.com https://example.org"
            })
    void originsThatAreNone(String origins) {
        isRefused("hubbub.origins", origins, "scheme://host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth.jwt.jwks-file", "auth.jwt.public-key-file", "api-keys.file"})
    void filesThatAreNone(String key) {
        isRefused("hubbub." + key, "/no/such/file", "a readable file");
        isRefused("hubbub." + key, "/tmp", "a readable file");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"keys\":[]}",
                "{\"keys\":[null]}",
                "{\"keys\":[{\"kty\":\"RSA\"}]}",
                "{\"keys\":1}"
            })
    void keySetsThatAreNone(String text) {
        isRefused("hubbub.auth.jwt.jwks-file", Sites.file(text).toString(), "JSON Web Key Set");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not a key",
                "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY-----\n=\n-----END PUBLIC KEY-----",
                "-----BEGIN PUBLIC KEY-----\n!\n-----END PUBLIC KEY-----"
            })
    void publicKeysThatAreNone(String text) {
        isRefused("hubbub.auth.jwt.public-key-file", Sites.file(text).toString(), "as PEM");
    }

    @Test
    void aPrivateKeyIsNotTakenForAPublicOneNorTold() throws Exception {
        byte[] der = new RSAKeyGenerator(2048).generate().toPrivateKey().getEncoded();
        String pem = Base64.getEncoder().encodeToString(der);
        String file = Sites.file("-----BEGIN PRIVATE KEY-----\n" + pem + "\n-----END PRIVATE KEY-----")
                .toString();
        assertThatThrownBy(() -> read("hubbub.auth.jwt.public-key-file", file))
                .isInstanceOf(ConfigurationException.class)
                .satisfies(e -> assertThat(e.toString()).doesNotContain(pem.substring(0, 20)));
    }

    @Test
    void filesOfApiKeysThatAreNone() {
        Keys key = Keys.of("good", "admin");
        for (String text : List.of(
                "",
                "{",
                "[]",
                "{\"keys\":1}",
                "{\"keys\":null}",
                "{\"keys\":[null]}",
                "{\"keys\":[{}]}",
                "{\"keys\":[{\"id\":null}]}",
                Keys.file(key).replaceFirst("\"sha256\":\"[^\"]*\"", "\"sha256\":null"),
                Keys.file(key).replaceFirst("\"scopes\":.*]", "\"scopes\":null}]"),
                Keys.file(key).replace("\"admin\"", "null"),
                Keys.file(key, key),
                Keys.file(Keys.of("good", "everything")),
                Keys.file(Keys.of("good", "publish:")),
                Keys.file(Keys.of("good", "*")),
                Keys.file(Keys.of("UPPER", "admin")),
                Keys.file(key).replaceFirst("\"sha256\":\"..", "\"sha256\":\""),
                Keys.file(key).replace("2099", "never"))) {
            isRefused("hubbub.api-keys.file", Sites.file(text).toString(), "a file of keys");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hubbub.auth.jwt.secret|too-short|at least 32 characters",
                "hubbub.auth.anonymous-secret|too-short|at least 32 characters",
                "hubbub.auth.jwt.jwks-url|http://id.example.com/keys|https",
                "hubbub.auth.jwt.jwks-url|http://localhost.example.com/keys|https",
                "hubbub.auth.jwt.jwks-url|file:///etc/keys|https",
                "hubbub.auth.jwt.algorithms|none|some of the default",
                "hubbub.auth.jwt.algorithms|HS256,none|some of the default",
                "hubbub.auth.jwt.algorithms|''|some of the default",
                "hubbub.auth.cookie|a;b|a cookie's name",
                "hubbub.trusted-proxies|10.0.0.0/33|addresses or networks",
                "hubbub.trusted-proxies|300.1.1.1|addresses or networks",
                "hubbub.trusted-proxies|proxy.example.com|addresses or networks",
                "hubbub.forwarded-header|X-Real-IP|X-Forwarded-For or Forwarded",
                "hubbub.namespace.chat.join|everybody|nobody, backend, granted, users or anyone",
                "hubbub.auth.anonymous|yes|true or false"
            })
    void otherValuesThatWouldOpenTheDoor(String key, String value, String told) {
        isRefused(key, value, told);
    }

    @Test
    void aSecretThatIsRefusedIsNotTold() {
        assertThatThrownBy(() -> read("hubbub.auth.jwt.secret", "short-secret"))
                .hasMessageContaining("(hidden)")
                .hasMessageNotContaining("short-secret");
    }
}
