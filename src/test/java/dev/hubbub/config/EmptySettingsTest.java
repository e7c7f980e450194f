package dev.hubbub.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is set to nothing, or to what is not set, is never taken for what is not set: the default may be more open. */
class EmptySettingsTest {
    private static Settings read(Map<String, String> environment, Map<String, String> file) {
        return Settings.from(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(new EnvConfigSource(environment, 300), new PropertiesConfigSource(file, "test", 100))
                .build());
    }

    private static void isRefused(Map<String, String> environment, Map<String, String> file, String... told) {
        assertThatThrownBy(() -> read(environment, file))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(told)
                .doesNotContain("\n");
    }

    static List<Key> keys() {
        return Keys.ALL;
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aValueThatNamesWhatIsNotSetIsRefusedOfEveryKey(Key key) {
        String name = key.of("chat");
        isRefused(Map.of(), Map.of(name, "${NOBODY_SETS_THIS}"), name, "each ${name} is set");
        assertThat(read(Map.of(), Map.of(name, "${NOBODY_SETS_THIS:" + key.byDefault() + "}")))
                .isNotNull();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void anEmptyValueIsRefusedUnlessTheKeyMayBeEmpty(Key key) {
        String name = key.of("chat");
        boolean allowed = key.byDefault().isEmpty();
        if (allowed) {
            assertThat(read(Map.of(), Map.of(name, ""))).isNotNull();
        } else {
            isRefused(Map.of(), Map.of(name, ""), name + "= is not allowed", key.allowed());
        }
    }

    @Test
    void aNamespaceThatIsSetToNothingDoesNotInherit() {
        isRefused(
                Map.of(),
                Map.of("hubbub.namespace.default.join", "users", "hubbub.namespace.staff.join", ""),
                "hubbub.namespace.staff.join=");
        isRefused(
                Map.of("HUBBUB_NAMESPACE_STAFF_JOIN", ""),
                Map.of("hubbub.namespace.default.join", "users"),
                "hubbub.namespace.staff.join=");
    }

    @ParameterizedTest
    @CsvSource({
        "HUBBUB_AUTH_JWT_ALGORITHMS,hubbub.auth.jwt.algorithms,RS256",
        "HUBBUB_LIMITS_CONNECTIONS_PER_USER,hubbub.limits.connections-per-user,3",
        "HUBBUB_FORWARDED_HEADER,hubbub.forwarded-header,Forwarded"
    })
    void theEnvironmentSaysNothingOfAKeyThatAFileSets(String variable, String key, String value) {
        isRefused(Map.of(variable, ""), Map.of(key, value), key + "= is not allowed");
        isRefused(Map.of(variable, ""), Map.of(), key + "= is not allowed");
        isRefused(Map.of(variable, "${NOBODY_SETS_THIS}"), Map.of(key, value), key + "=${NOBODY_SETS_THIS}");
    }

    @Test
    void whereEmptyIsAllowedItIsTakenAsThat() {
        Map<String, String> file = Map.of("hubbub.auth.jwt.audience", "chat", "hubbub.origins", "https://example.com");
        assertThat(read(Map.of(), file).access.jwt().audiences()).containsExactly("chat");
        Settings cleared = read(Map.of("HUBBUB_AUTH_JWT_AUDIENCE", "", "HUBBUB_ORIGINS", ""), file);
        assertThat(cleared.access.jwt().audiences()).isEmpty();
        assertThat(cleared.access.origins()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hubbub.auth.jwt.secret", "hubbub.redis", "hubbub.auth.misspelt"})
    void whatMayBeASecretIsNotTold(String name) {
        assertThatThrownBy(() -> read(Map.of(), Map.of(name, "s3cr3t@${NOBODY_SETS_THIS}")))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains(name + "=(hidden)");
    }
}
