package dev.hubbub.token;

import static dev.hubbub.token.Issuer.identity;
import static dev.hubbub.token.Issuer.problem;
import static dev.hubbub.token.Issuer.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.config.ConfigurationException;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Action;
import dev.hubbub.session.Area;
import dev.hubbub.session.Identity;
import dev.hubbub.support.FakeClock;
import dev.hubbub.support.Logged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApiKeysTest {
    private static final String NOT_VALID = "UNAUTHENTICATED the API key is not valid";

    private final FakeClock clock = new FakeClock();
    private final FreshKey shop = key("shop", null, "publish:chat:*", "users");

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("keys.json");
        write(shop);
    }

    private FreshKey key(String label, Instant expires, String... scopes) {
        return FreshKey.make(label, List.of(scopes), clock.instant(), expires, new SecureRandom());
    }

    private void write(FreshKey... keys) throws IOException {
        ApiKeyFile.Content content = new ApiKeyFile.Content();
        for (FreshKey key : keys) {
            content.keys.add(key.entry());
        }
        Files.writeString(file, ApiKeyFile.write(content));
        clock.advance(Duration.ofSeconds(2));
    }

    private ApiKeys keys() {
        return new ApiKeys(settings("api-keys.file", file.toString()), clock);
    }

    @Test
    void aKeyIsABackendThatMayDoWhatItsScopesSay() {
        Identity identity = identity(keys().verify(shop.bearer()));
        assertThat(ApiKeys.isMeant(shop.bearer())).isTrue();
        assertThat(identity.isBackend()).isTrue();
        assertThat(identity.name()).isEqualTo("shop");
        assertThat(identity.expiresAt()).isZero();
        assertThat(identity.rights().allow(Action.PUBLISH, new RoomName("chat:a")))
                .isTrue();
        assertThat(identity.rights().allow(Action.JOIN, new RoomName("chat:a"))).isFalse();
        assertThat(identity.rights().allow(Action.PUBLISH, new RoomName("chats")))
                .isFalse();
        assertThat(identity.rights().cover(Area.USERS)).isTrue();
        assertThat(identity.rights().cover(Area.NODES)).isFalse();
    }

    @Test
    void adminMayDoEverything() throws IOException {
        FreshKey admin = key(null, null, "admin");
        write(admin);
        Identity identity = identity(keys().verify(admin.bearer()));
        assertThat(identity.name()).as("without a label").isEqualTo(admin.entry().id);
        assertThat(identity.rights().allow(Action.KICK, new RoomName("x"))).isTrue();
        assertThat(identity.rights().cover(Area.NODES)).isTrue();
    }

    @Test
    void anotherSecretIsRefused() {
        ApiKeys keys = keys();
        String bearer = shop.bearer();
        String id = shop.entry().id;
        for (String wrong : List.of(
                bearer + "x",
                bearer.substring(0, bearer.length() - 1),
                "hbk_" + id + "_",
                "hbk_" + id,
                "hbk_",
                "hbk__",
                "hbk_none_" + bearer.substring(bearer.lastIndexOf('_')),
                "hbk_" + id + "_" + shop.entry().sha256,
                bearer.toUpperCase(java.util.Locale.ROOT))) {
            assertThat(problem(keys.verify(wrong))).as(wrong).isEqualTo(NOT_VALID);
        }
    }

    @Test
    void withoutAFileNoKeyIsGood() {
        assertThat(problem(new ApiKeys(settings(), clock).verify(shop.bearer())))
                .isEqualTo(NOT_VALID);
    }

    @Test
    void aKeyIsGoodUntilItExpires() throws IOException {
        FreshKey soon = key("soon", clock.instant().plusSeconds(60), "rooms");
        write(soon);
        ApiKeys keys = keys();
        assertThat(identity(keys.verify(soon.bearer())).expiresAt())
                .isEqualTo(Instant.parse(soon.entry().expires).toEpochMilli());
        clock.advance(Duration.ofSeconds(60));
        assertThat(problem(keys.verify(soon.bearer()))).isEqualTo("UNAUTHENTICATED the API key has expired");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "1960-01-01T00:00:00Z"})
    void anExpiryLongAgoIsNotNever(String expires) throws IOException {
        FreshKey old = key("old", Instant.parse(expires), "rooms");
        write(old);
        assertThat(problem(keys().verify(old.bearer()))).isEqualTo("UNAUTHENTICATED the API key has expired");
    }

    @Test
    void keysComeAndGoWithTheFile() throws IOException {
        ApiKeys keys = keys();
        FreshKey next = key("next", null, "rooms");
        assertThat(problem(keys.verify(next.bearer()))).isEqualTo(NOT_VALID);
        write(shop, next);
        assertThat(problem(keys.verify(next.bearer()))).isEqualTo("let in");
        write(next);
        assertThat(problem(keys.verify(shop.bearer()))).isEqualTo(NOT_VALID);
    }

    @Test
    void aBrokenFileKeepsTheKeysThatThereWere() throws IOException {
        ApiKeys keys = keys();
        try (Logged log = new Logged()) {
            for (String broken : List.of(
                    "",
                    "{",
                    "[]",
                    "null",
                    "{\"keys\":null}",
                    "{\"keys\":[null]}",
                    "{\"keys\":[{}]}",
                    "{\"keys\":{}}")) {
                Files.writeString(file, broken);
                clock.advance(Duration.ofSeconds(2));
                assertThat(problem(keys.verify(shop.bearer()))).as(broken).isEqualTo("let in");
            }
            assertThat(log.count("cannot be used")).isPositive();
            assertThat(log.count("Exception: it ")).isPositive();
        }
        Files.delete(file);
        clock.advance(Duration.ofSeconds(2));
        assertThat(problem(keys.verify(shop.bearer()))).isEqualTo("let in");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"keys\":[{\"id\":null}]}",
                "{\"keys\":[{\"id\":\"Abcd\"}]}",
                "{\"keys\":[{\"id\":\"abcd\",\"sha256\":\"00\",\"scopes\":[]}]}",
                "{\"keys\":[{\"id\":\"abcd\",\"sha256\":null,\"scopes\":[]}]}",
                "{\"keys\":[{\"id\":\"abcd\",\"sha256\":\"HASH\",\"scopes\":null}]}",
                "{\"keys\":[{\"id\":\"abcd\",\"sha256\":\"HASH\",\"scopes\":[null]}]}",
                "{\"keys\":[{\"id\":\"abcd\",\"sha256\":\"HASH\",\"scopes\":[\"everything\"]}]}",
                "{\"keys\":[{\"id\":\"abcd\",\"sha256\":\"HASH\",\"scopes\":[\"publish:\"]}]}",
                "{\"keys\":[{\"id\":\"abcd\",\"sha256\":\"HASH\",\"scopes\":[\"shout:chat:*\"]}]}",
                "{\"keys\":[{\"id\":\"abcd\",\"sha256\":\"HASH\",\"scopes\":[],\"expires\":\"tomorrow\"}]}",
                "{\"keys\":[{\"id\":\"abcd\",\"sha256\":\"HASH\"},{\"id\":\"abcd\",\"sha256\":\"HASH\"}]}",
                "not JSON"
            })
    void aWrongFileStopsTheStart(String text) throws IOException {
        Files.writeString(file, text.replace("HASH", "0".repeat(64)));
        assertThatThrownBy(this::keys)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("hubbub.api-keys.file");
    }

    @Test
    void aFreshKeyHas256RandomBitsAndTheFileNothingOfThem() {
        String secret = shop.bearer().split("_", 3)[2];
        assertThat(java.util.Base64.getUrlDecoder().decode(secret)).hasSize(32);
        assertThat(key("shop", null, "users").bearer()).isNotEqualTo(shop.bearer());
        ApiKeyFile.Content content = new ApiKeyFile.Content();
        content.keys.add(shop.entry());
        assertThat(ApiKeyFile.write(content)).doesNotContain(secret).contains(ApiKey.hash(secret));
        assertThat(shop.toString()).doesNotContain(secret);
    }
}
