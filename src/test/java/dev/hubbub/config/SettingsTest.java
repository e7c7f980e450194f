package dev.hubbub.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static Settings of(String... pairs) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return Settings.of(values);
    }

    static List<Key> keys() {
        return Keys.ALL;
    }

    /** A value, and what it needs of others to be allowed. */
    private static Map<String, String> with(Key key, String value) {
        Map<String, String> values = new HashMap<>();
        if (key == ShutdownKeys.WINDOW) {
            values.put(ShutdownKeys.DEADLINE.name(), "PT1H");
        } else if (key == ShutdownKeys.DEADLINE) {
            values.put(ShutdownKeys.WINDOW.name(), "PT0S");
        }
        values.put(named(key), value);
        return values;
    }

    private static String named(Key key) {
        return key.of("default");
    }

    @Test
    void withoutAnyKeyTheDefaultsHold() {
        Settings settings = of();
        assertThat(settings.access.dev()).isFalse();
        assertThat(settings.access.anonymous()).isFalse();
        assertThat(settings.limits.messageBytes()).isEqualTo(16384);
        assertThat(settings.limits.jsonDepth()).isEqualTo(32);
        assertThat(settings.delivery.writeDeadlineMs()).isEqualTo(30_000);
        assertThat(settings.presence.graceMs()).isEqualTo(15_000);
        assertThat(settings.log.keyTtlMs()).isEqualTo(300_000);
        assertThat(settings.namespacePolicy("any"))
                .isEqualTo(new NamespacePolicy(
                        RoomKind.STANDARD,
                        1000,
                        8_388_608,
                        86_400_000,
                        true,
                        Overflow.REPLAY,
                        Audience.GRANTED,
                        Audience.GRANTED,
                        Audience.GRANTED,
                        Audience.GRANTED,
                        Audience.GRANTED,
                        0));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void theDefaultOfEveryKeyIsAllowed(Key key) {
        assertThat(Settings.of(Map.of(named(key), key.byDefault()))).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void bothEndsOfEveryRangeAreAllowed(Key key) {
        if (key.allowed().matches("\\S+ to \\S+")) {
            for (String end : key.allowed().split(" to ")) {
                assertThat(Settings.of(with(key, end))).isNotNull();
            }
        }
    }

    private static final Map<Key, List<String>> WRONG = Map.of(
            AccessKeys.JWKS_URL, List.of("ftp://idp.example", "http://idp.example/keys", "idp.example", "https://"),
            AccessKeys.ALGORITHMS, List.of("none", "", "RS256,none", "HS256;RS256"),
            AccessKeys.ISSUER, List.of("x".repeat(501)),
            AccessKeys.AUDIENCE, List.of("a,,b", ","),
            AccessKeys.USER_CLAIM, List.of("", "a b"),
            AccessKeys.NAME_CLAIM, List.of("", "a b"),
            AccessKeys.ROOMS_CLAIM, List.of("", "a b"),
            AccessKeys.COOKIE, List.of("a b", "a;b", "a=b"),
            AccessKeys.ORIGINS,
                    List.of(
                            "example.com",
                            "https://example.com/",
                            "https://*",
                            "https://a.*.com",
                            "ws://example.com",
                            "null"),
            AccessKeys.TRUSTED_PROXIES, List.of("proxy.example", "10.0.0.0/", "10.0.0.0/8;10.1.0.0/16"));

    private static Stream<String> wrong(Key key) {
        if (key.name().endsWith("secret")) {
            return Stream.of("too short", "x".repeat(31));
        }
        if (key == HookKeys.URL) {
            return Stream.of(
                    "ftp://hooks.example", "http://hooks.example/in", "hooks.example", "https://", "https:///a");
        }
        if (key == Keys.REDIS) {
            return Stream.of(
                    "localhost:6379", "redis://", "redis://host", "http://h:1", "redis://h:1/x", "redis://h h:1");
        }
        if (key == Keys.REDIS_CONFIG || key.allowed().equals("empty, or a readable file")) {
            return Stream.of("/no/such/file", "/");
        }
        if (key == AccessKeys.SANCTIONS_FILE) {
            return Stream.of("/no/such/directory/file", "/", "/tmp", "/dev/null/file");
        }
        Stream<String> special = WRONG.get(key) == null ? null : WRONG.get(key).stream();
        if (special != null) {
            return special;
        }
        if (key == Keys.NODE) {
            return Stream.of("a b", "x".repeat(65), "é");
        }
        if (key.allowed().matches("P\\S+ to P\\S+")) {
            return Stream.of("banana", "", "30", "PT-1S", "P4000D", "30s");
        }
        if (key.allowed().matches("\\d+ to \\d+")) {
            String[] ends = key.allowed().split(" to ");
            return Stream.of(
                    "banana",
                    "",
                    "1.5",
                    "0x10",
                    String.valueOf(Long.parseLong(ends[0]) - 1),
                    String.valueOf(Long.parseLong(ends[1]) + 1),
                    "99999999999999999999");
        }
        return Stream.of("banana", "", "TRUE", "yes");
    }

    @Test
    void theDeadlineOfAShutdownIsNotBeforeTheEndOfItsWindow() {
        assertThat(of().shutdown).isEqualTo(new Shutdown(10_000, 30_000));
        assertThat(of("hubbub.dev", "true").shutdown).isEqualTo(new Shutdown(0, 30_000));
        assertThat(of("hubbub.dev", "true", "hubbub.shutdown.window", "PT1S")
                        .shutdown
                        .windowMs())
                .isEqualTo(1_000);
        assertThat(of("hubbub.shutdown.window", "PT30S").shutdown.windowMs()).isEqualTo(30_000);
        assertThatThrownBy(() -> of("hubbub.shutdown.deadline", "PT9.999S"))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .isEqualTo("configuration: hubbub.shutdown.deadline=PT9.999S is not allowed: it must be"
                        + " hubbub.shutdown.window (PT10S) or longer");
        assertThatThrownBy(() -> of("hubbub.shutdown.window", "PT31S", "hubbub.dev", "true"))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains("hubbub.shutdown.deadline=PT30S")
                .contains("(PT31S)");
    }

    /** Else whoever floods would be told to wait for ever, and never to go. */
    @Test
    void soManyRefusalsAsEndAConnectionFitIntoTheMinute() {
        String pause = "hubbub.limits.refusal-pause";
        assertThat(of("hubbub.limits.refusals-per-minute", "1490", pause, "PT0.02S")
                        .limits
                        .refusalPauseMs())
                .isEqualTo(20);
        assertThatThrownBy(() -> of("hubbub.limits.refusals-per-minute", "1491", pause, "PT0.02S"))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .isEqualTo(
                        "configuration: hubbub.limits.refusal-pause=PT0.02S is not allowed: it must be no more than half"
                                + " a minute for all of hubbub.limits.refusals-per-minute and"
                                + " hubbub.limits.violations-per-minute (1501)");
        of("hubbub.limits.refusals-per-minute", "2000", pause, "PT0S");
        of("hubbub.limits.refusals-per-minute", "2000", pause, "PT0.1S", "hubbub.limits.enabled", "false");
    }

    @Test
    void aWebhookNeedsItsSecret() {
        String url = "https://hooks.example/in";
        assertThatThrownBy(() -> of("hubbub.webhook.url", url))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains("hubbub.webhook.secret")
                .contains("32 characters");
        Webhook webhook = of("hubbub.webhook.url", url, "hubbub.webhook.secret", "s".repeat(32)).webhook;
        assertThat(webhook.isUsed()).isTrue();
        assertThat(webhook.events()).hasSize(6);
        assertThat(of().webhook.isUsed()).isFalse();
    }

    @Test
    void sanctionsAreInAFileOrInRedisAndNotInBoth() {
        String file = "no-such-file-in-the-working-directory";
        assertThat(of("hubbub.sanctions.file", file).access.sanctionsFile()).isEqualTo(file);
        assertThatThrownBy(() -> of("hubbub.sanctions.file", file, "hubbub.redis", "redis://localhost:6379"))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains("hubbub.sanctions.file=" + file, "no Redis");
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aWrongValueOfEveryKeyIsRefusedInOneLineNamingKeyValueAndWhatIsAllowed(Key key) {
        wrong(key)
                .forEach(value -> assertThatThrownBy(() -> Settings.of(Map.of(named(key), value)))
                        .as("%s=%s", key.name(), value)
                        .isInstanceOf(ConfigurationException.class)
                        .message()
                        .contains(named(key))
                        .contains(key.name().endsWith("secret") ? "(hidden)" : value)
                        .contains(key.allowed())
                        .doesNotContain("\n"));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void aWrongValueIsRefusedInDevelopmentModeToo(Key key) {
        String value = wrong(key).findFirst().orElseThrow();
        if (key != Keys.DEV) {
            assertThatThrownBy(() -> Settings.of(Map.of(named(key), value, "hubbub.dev", "true")))
                    .as("%s=%s", key.name(), value)
                    .isInstanceOf(ConfigurationException.class);
        }
    }

    @Test
    void aLineBreakInAValueIsNotRepeated() {
        assertThatThrownBy(() -> of("hubbub.dev", "tr\nue\u001b[31m"))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .isEqualTo("configuration: hubbub.dev=tr?ue?[31m is not allowed: it must be true or false");
    }

    @Test
    void aSecretIsNotRepeated() {
        assertThatThrownBy(() -> of("hubbub.auth.anonymous-secret", "hunter2"))
                .message()
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hubbub.limit.rooms",
                "hubbub.DEV",
                "hubbub.",
                "hubbub.namespace.chat",
                "hubbub.namespace.chat.history",
                "hubbub.namespace.chat.sizes",
                "hubbub.namespace..join",
                "hubbub.namespace.a b.join",
                "hubbub.dev2",
                "hubbub.limits.message.bytes2"
            })
    void anUnknownKeyIsRefused(String name) {
        if (name.endsWith("chat.history")) {
            assertThat(of(name, "anyone").namespacePolicy("chat").history()).isEqualTo(Audience.ANYONE);
            return;
        }
        assertThatThrownBy(() -> of(name, "1"))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .isEqualTo("configuration: " + name + "=1 is not allowed: it must be a key of docs/configuration.md");
    }

    @Test
    void aNamespaceInheritsFromDefaultWhatItDoesNotSay() {
        Settings settings = of(
                "hubbub.namespace.default.history-size", "7",
                "hubbub.namespace.default.join", "users",
                "hubbub.namespace.chat.join", "anyone",
                "hubbub.namespace.chat.overflow", "latest");
        NamespacePolicy chat = settings.namespacePolicy("chat");
        assertThat(chat.historySize()).isEqualTo(7);
        assertThat(chat.join()).isEqualTo(Audience.ANYONE);
        assertThat(chat.overflow()).isEqualTo(Overflow.LATEST);
        assertThat(chat.publish()).isEqualTo(Audience.GRANTED);
        NamespacePolicy other = settings.namespacePolicy("other");
        assertThat(other.historySize()).isEqualTo(7);
        assertThat(other.join()).isEqualTo(Audience.USERS);
        assertThat(other.overflow()).isEqualTo(Overflow.REPLAY);
    }

    @Test
    void everyNamespaceHasItsKindOfRoom() {
        Settings settings = of(
                "hubbub.namespace.default.kind", "ephemeral",
                "hubbub.namespace.chat.kind", "standard",
                "hubbub.namespace.here.kind", "reactive");
        assertThat(settings.namespacePolicy("other").kind()).isEqualTo(RoomKind.EPHEMERAL);
        assertThat(settings.namespacePolicy("chat").kind()).isEqualTo(RoomKind.STANDARD);
        assertThat(settings.namespacePolicy("here").historySize()).isZero();
        assertThat(settings.namespacePolicy("chat").historySize()).isEqualTo(1000);
        assertThat(settings.hasRooms(RoomKind.PERMANENT)).isFalse();
        assertThat(of("hubbub.namespace.club.kind", "permanent").hasRooms(RoomKind.PERMANENT))
                .isTrue();
    }

    @Test
    void usersOwnRoomsAreOfNoOtherKind() {
        assertThat(of("hubbub.namespace.default.kind", "permanent")
                        .namespacePolicy("user")
                        .kind())
                .isEqualTo(RoomKind.STANDARD);
        assertThatThrownBy(() -> of("hubbub.namespace.user.kind", "ephemeral"))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .isEqualTo("configuration: hubbub.namespace.user.kind=ephemeral is not allowed: it must be standard");
    }

    @Test
    void aWrongValueOfTheDefaultNamespaceIsToldWithItsOwnKey() {
        assertThatThrownBy(() -> of(
                        "hubbub.namespace.default.history-size", "banana", "hubbub.namespace.chat.presence", "false"))
                .message()
                .startsWith("configuration: hubbub.namespace.default.history-size=banana ");
    }

    @Test
    void developmentModeOpensThePoliciesThatNobodySet() {
        Settings settings = of("hubbub.dev", "true", "hubbub.namespace.news.publish", "backend");
        assertThat(settings.access.anonymous()).isTrue();
        NamespacePolicy news = settings.namespacePolicy("news");
        assertThat(news.join()).isEqualTo(Audience.ANYONE);
        assertThat(news.publish()).isEqualTo(Audience.BACKEND);
        assertThat(settings.namespacePolicy("other").publish()).isEqualTo(Audience.ANYONE);
    }

    @Test
    void withoutLimitsEveryCountIsOpenButNotTheSizes() {
        Settings.Limits limits = of("hubbub.limits.enabled", "false").limits;
        assertThat(limits.connections()).isEqualTo(Integer.MAX_VALUE);
        assertThat(limits.rooms()).isEqualTo(Integer.MAX_VALUE);
        assertThat(limits.batchesPerUser()).isEqualTo(Integer.MAX_VALUE);
        assertThat(limits.batches()).isEqualTo(20);
        assertThat(limits.messageBytes()).isEqualTo(16384);
        assertThat(limits.jsonDepth()).isEqualTo(32);
    }

    @Test
    void loopsAreOneForEveryTwoCoresWhereZero() {
        assertThat(of().delivery.loops())
                .isEqualTo(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        assertThat(of("hubbub.delivery.loops", "3").delivery.loops()).isEqualTo(3);
    }

    @Test
    void spaceAroundAValueIsNotPartOfIt() {
        assertThat(of("hubbub.limits.message-bytes", " 1024 ").limits.messageBytes())
                .isEqualTo(1024);
    }

    private static Settings environment(String name, String value, String... properties) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < properties.length; i += 2) {
            values.put(properties[i], properties[i + 1]);
        }
        return Settings.from(new SmallRyeConfigBuilder()
                .withSources(
                        new EnvConfigSource(Map.of(name, value), 300), new PropertiesConfigSource(values, "test", 100))
                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "HUBBUB_LIMITS_MESSAGE_BYTES,1024",
        "HUBBUB_DEV,true",
        "HUBBUB_NODE,n1",
        "HUBBUB_AUTH_ANONYMOUS,true",
        "HUBBUB_HEARTBEAT_PING,PT9S",
        "HUBBUB_DELIVERY_WRITE_DEADLINE,PT9S",
        "HUBBUB_NAMESPACE_CHAT_HISTORY_SIZE,5"
    })
    void everyKeyCanComeFromTheEnvironment(String name, String value) {
        assertThat(environment(name, value)).isNotNull();
    }

    @Test
    void theEnvironmentSetsWhatItNames() {
        assertThat(environment("HUBBUB_LIMITS_MESSAGE_BYTES", "1024").limits.messageBytes())
                .isEqualTo(1024);
        assertThat(environment("HUBBUB_NAMESPACE_CHAT_HISTORY_SIZE", "5")
                        .namespacePolicy("chat")
                        .historySize())
                .isEqualTo(5);
        assertThat(environment("HUBBUB_NAMESPACE_CHAT_HISTORY_SIZE", "5")
                        .namespacePolicy("other")
                        .historySize())
                .isEqualTo(1000);
    }

    @Test
    void theEnvironmentWinsOverAFile() {
        Settings settings = environment("HUBBUB_LIMITS_MESSAGE_BYTES", "1024", "hubbub.limits.message-bytes", "2048");
        assertThat(settings.limits.messageBytes()).isEqualTo(1024);
    }

    @Test
    void aWrongValueFromTheEnvironmentNamesTheKey() {
        assertThatThrownBy(() -> environment("HUBBUB_LIMITS_MESSAGE_BYTES", "banana"))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .contains("hubbub.limits.message-bytes=banana");
    }

    @Test
    void anUnknownKeyFromTheEnvironmentIsRefused() {
        assertThatThrownBy(() -> environment("HUBBUB_LIMITS_MESAGE_BYTES", "1024"))
                .isInstanceOf(ConfigurationException.class);
    }
}
