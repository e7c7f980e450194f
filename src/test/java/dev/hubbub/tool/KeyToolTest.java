package dev.hubbub.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Identity;
import dev.hubbub.support.FakeClock;
import dev.hubbub.support.Race;
import dev.hubbub.token.ApiKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyToolTest {
    private final FakeClock clock = new FakeClock();

    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void name() {
        file = directory.resolve("keys.json");
    }

    private Call call(String... options) {
        List<String> words = new ArrayList<>(List.of("key"));
        words.addAll(List.of(options));
        return Call.of(clock, directory, Map.of(), words.toArray(String[]::new));
    }

    /** The key that a call printed. */
    private String key(String... options) {
        Call call = call(options);
        assertThat(call.err()).isEmpty();
        assertThat(call.status()).isZero();
        assertThat(call.out()).matches("hbk_[a-z0-9]{10}_[A-Za-z0-9_-]{43}\\R");
        return call.out().strip();
    }

    private static String id(String key) {
        return key.split("_", 3)[1];
    }

    private void refused(Call call, int status, String... words) {
        assertThat(call.status()).as(call.err()).isEqualTo(status);
        assertThat(call.out()).isEmpty();
        assertThat(call.err()).contains(words).hasLineCount(1);
    }

    private Admission verify(String key) {
        return new ApiKeys(Settings.of(Map.of("hubbub.api-keys.file", file.toString())), clock).verify(key);
    }

    private Identity identity(String key) {
        assertThat(verify(key)).isInstanceOf(Admission.Admitted.class);
        return ((Admission.Admitted) verify(key)).identity();
    }

    @Test
    void aKeyThatIsAddedIsOneThatTheServerTakes() throws IOException {
        String key = key(
                "add",
                "--file",
                "keys.json",
                "--scope",
                "publish:chat:*",
                "--scope",
                "users",
                "--label",
                "shop",
                "--expires",
                "90d");
        Identity identity = identity(key);
        assertThat(identity.name()).isEqualTo("shop");
        assertThat(identity.expiresAt())
                .isEqualTo(clock.millis() + Duration.ofDays(90).toMillis());
        assertThat(Files.readString(file)).doesNotContain(key.split("_", 3)[2]);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        String other = key("add", "--file", "keys.json", "--scope", "admin");
        assertThat(identity(key).name()).isEqualTo("shop");
        assertThat(identity(other).expiresAt()).isZero();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("keys.json", ".keys.json.lock");
        }
    }

    @Test
    void addedAtOnceNoKeyIsLost() {
        List<String> keys = Race.run(8, thread -> key("add", "--file", "keys.json", "--scope", "rooms"));
        assertThat(keys).doesNotHaveDuplicates().allSatisfy(this::identity);
    }

    @Test
    void whoMayReadTheFileStaysAsItWas() throws IOException {
        key("add", "--file", "keys.json", "--scope", "rooms");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        Path link = Files.createSymbolicLink(directory.resolve("link.json"), Path.of("keys.json"));
        String key = key("add", "--file", "link.json", "--scope", "rooms");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(link).isSymbolicLink();
        identity(key);
    }

    @Test
    void aListTellsAllButTheKeys() throws IOException {
        String shop =
                key("add", "--file", "keys.json", "--scope", "rooms", "--scope", "publish:a", "--label", "the shop");
        String gone = key("add", "--file", "keys.json", "--scope", "admin", "--expires", "1h");
        clock.advance(Duration.ofHours(1));
        String list = call("list", "--file", "keys.json").out();
        assertThat(list.lines()).hasSize(3);
        assertThat(list)
                .contains(id(shop), "the shop", "rooms publish:a", "never", id(gone), "(over)")
                .doesNotContain(shop.split("_", 3)[2], gone.split("_", 3)[2]);
        assertThat(list).doesNotContainPattern("[0-9a-f]{64}");
    }

    @Test
    void aRotatedKeyIsGoodWithItsSuccessorForTheOverlap() {
        String old = key("add", "--file", "keys.json", "--scope", "rooms", "--label", "shop", "--expires", "90d");
        clock.advance(Duration.ofDays(10));
        String next = key("rotate", "--file", "keys.json", "--id", id(old), "--overlap", "2h");
        assertThat(identity(next).name()).isEqualTo("shop");
        assertThat(identity(next).expiresAt())
                .as("as long as the old one was")
                .isEqualTo(clock.millis() + Duration.ofDays(90).toMillis());
        assertThat(identity(old).expiresAt())
                .isEqualTo(clock.millis() + Duration.ofHours(2).toMillis());
        clock.advance(Duration.ofHours(2));
        assertThat(verify(old)).isInstanceOf(Admission.Refused.class);
        identity(next);
    }

    @Test
    void anOldKeyThatEndsBeforeTheOverlapDoesNotLiveLonger() {
        String old = key("add", "--file", "keys.json", "--scope", "rooms", "--expires", "1h");
        String next = key("rotate", "--file", "keys.json", "--id", id(old), "--expires", "never");
        assertThat(identity(old).expiresAt()).isEqualTo(clock.millis() + 3_600_000);
        assertThat(identity(next).expiresAt()).isZero();
    }

    @Test
    void aKeyThatIsRemovedIsGone() {
        String one = key("add", "--file", "keys.json", "--scope", "rooms");
        String two = key("add", "--file", "keys.json", "--scope", "rooms");
        Call removed = call("remove", "--file", "keys.json", "--id", id(one));
        assertThat(removed).isEqualTo(new Call(0, "", ""));
        assertThat(verify(one)).isInstanceOf(Admission.Refused.class);
        identity(two);
        refused(call("remove", "--file", "keys.json", "--id", id(one)), 64, "no key has the id " + id(one));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "add --file keys.json|--scope is needed",
                "add --scope rooms|--file is needed",
                "add --file keys.json --scope everything|the scope everything is none of",
                "add --file keys.json --scope publish:|the scope publish: is none of",
                "add --file keys.json --scope rooms --expires never-ever|--expires must be a time",
                "add --file keys.json --scope rooms --id x|'--id' is not understood",
                "rotate --file keys.json --id nobody|no key has the id nobody",
                "rotate --file keys.json|--id is needed",
                "remove --file keys.json|--id is needed",
                "lock --file keys.json|add, list, rotate or remove"
            })
    void wrongOptionsChangeNothing(String words, String message) throws IOException {
        key("add", "--file", "keys.json", "--scope", "rooms");
        String before = Files.readString(file);
        refused(call(words.split(" ")), 64, message);
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void aFileThatIsNoneOfKeysIsLeftAsItIs() throws IOException {
        Files.writeString(file, "{\"keys\": [oops");
        refused(call("add", "--file", "keys.json", "--scope", "rooms"), 78, "is no file of keys");
        refused(call("list", "--file", "keys.json"), 78, "is no file of keys");
        assertThat(Files.readString(file)).isEqualTo("{\"keys\": [oops");
        refused(call("list", "--file", "none.json"), 78, "cannot be read");
        refused(call("remove", "--file", "none.json", "--id", "abcd"), 78, "cannot be read");
        refused(call("add", "--file", "no/such/directory/keys.json", "--scope", "rooms"), 74, "cannot be written");
    }
}
