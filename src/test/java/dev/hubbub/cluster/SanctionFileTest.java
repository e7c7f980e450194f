package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.FakeClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SanctionFileTest {
    private static final String ANN = "u ann";
    private static final String BAN = "b chat:a ben";
    private static final RoomName ROOM = new RoomName("chat:a");
    private static final UserId BEN = new UserId("ben");

    private final FakeClock clock = new FakeClock();
    private final SanctionList list = fresh();

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void name() {
        path = directory.resolve("sanctions");
    }

    private SanctionList fresh() {
        return new SanctionList(clock, Duration.ofDays(1).toMillis());
    }

    private String line(String name) {
        return name + " " + list.time(name) + "\n";
    }

    /** What another process reads. */
    private Map<String, Long> read() throws IOException {
        SanctionList other = fresh();
        SanctionFile.open(path, other).close();
        return other.all();
    }

    @Test
    void eachChangeIsALineAndTheStartLeavesThoseThatHold() throws IOException {
        try (SanctionFile file = SanctionFile.open(path, list)) {
            list.set(ANN, clock.millis());
            file.keep(ANN);
            list.set(BAN, clock.millis() + 1_000);
            file.keep(BAN);
            assertThat(path).hasContent(SanctionFile.HEAD + "\n" + line(ANN) + line(BAN));
            list.set(BAN, 0);
            file.keep(BAN);
            assertThat(Files.readString(path)).endsWith("\nb chat:a ben 0\n");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
        }
        assertThat(read()).isEqualTo(list.all());
        assertThat(path).hasContent(SanctionFile.HEAD + "\n" + line(ANN));
    }

    @Test
    void whatCouldNotWaitForTheDiskComesWithTheNextChange() throws IOException {
        try (SanctionFile file = SanctionFile.open(path, list)) {
            list.set(ANN, clock.millis());
            file.missed();
            list.set(BAN, clock.millis() + 1_000);
            file.keep(BAN);
        }
        assertThat(read()).isEqualTo(list.all());
    }

    @Test
    void whatIsOverIsNotReadBack() throws IOException {
        try (SanctionFile file = SanctionFile.open(path, list)) {
            list.set(ANN, clock.millis());
            file.keep(ANN);
            list.set(BAN, clock.millis() + 1_000);
            file.keep(BAN);
        }
        clock.advance(Duration.ofSeconds(2));
        assertThat(read()).containsOnlyKeys(ANN);
        clock.advance(Duration.ofDays(1));
        assertThat(read()).isEmpty();
    }

    /** Power fails at any byte of the last line. */
    @Test
    void aLineThatIsTornIsDroppedAndNothingElse() throws IOException {
        long until = clock.millis() + 1_000;
        String whole = SanctionFile.HEAD + "\n" + ANN + " " + clock.millis() + "\n";
        String last = BAN + " " + until + "\n";
        for (int bytes = 0; bytes < last.length(); bytes++) {
            Files.writeString(path, whole + last.substring(0, bytes));
            assertThat(read()).as("%s bytes", bytes).containsOnlyKeys(ANN);
            assertThat(path).hasContent(whole);
        }
        Files.writeString(path, whole + last);
        assertThat(read()).containsEntry(BAN, until);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "what is this",
                "",
                " ",
                "u ben",
                "u ben ",
                "u ben -5",
                "u ben 1e12",
                "u ben 99999999999999999999",
                "u  5",
                "u b\u00e9n 5",
                "u ben carl 5",
                "x ben 5",
                "b chat:a 5",
                "b chat: ben 5",
                "hubbub sanctions 1",
                "\u0000\u0000\u0000"
            })
    void aLineThatIsNoneOfOursIsLeftOut(String garbage) throws IOException {
        Files.writeString(
                path,
                SanctionFile.HEAD + "\n" + garbage + "\n" + ANN + " " + clock.millis() + "\n",
                StandardCharsets.ISO_8859_1);
        assertThat(read()).containsOnlyKeys(ANN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "\n", "u ann 5\n", "hubbub sanctions 2\n", "hubbub"})
    void aFileThatIsSomethingElseIsLeftAlone(String text) throws IOException {
        Files.writeString(path, text);
        assertThatThrownBy(this::read).isInstanceOf(IOException.class).hasMessageContaining("no file of sanctions");
        assertThat(Files.readString(path)).isEqualTo(text);
    }

    @Test
    void whenMostLinesAreOverItIsWrittenAnew() throws IOException {
        try (SanctionFile file = SanctionFile.open(path, list)) {
            int most = 0;
            for (int i = 0; i < 3 * SanctionFile.SLACK; i++) {
                list.ban(ROOM, BEN, clock.millis() + 1_000 + i, 1);
                file.keep(BAN);
                most = Math.max(most, Files.readAllLines(path).size());
            }
            assertThat(most).isBetween(SanctionFile.SLACK, SanctionFile.SLACK + 5);
        }
        assertThat(read()).isEqualTo(list.all());
    }

    @Test
    void aFileThatIsTakenAwayIsMadeAgainWithAllThatHolds() throws IOException {
        try (SanctionFile file = SanctionFile.open(path, list)) {
            list.set(ANN, clock.millis());
            file.keep(ANN);
            Files.delete(path);
            list.set(BAN, clock.millis() + 1_000);
            file.keep(BAN);
        }
        assertThat(read()).isEqualTo(list.all()).hasSize(2);
    }

    /** A disk that was full may have taken half a line: nothing is put behind it. */
    @Test
    void afterAWriteThatFailedAllIsWrittenAnew() throws IOException {
        Path aside = directory.resolve("aside");
        try (SanctionFile file = SanctionFile.open(path, list)) {
            list.set(ANN, clock.millis());
            file.keep(ANN);
            Files.move(path, aside);
            Files.createDirectory(path); // can be neither appended to nor replaced
            Files.createFile(path.resolve("x"));
            list.set(BAN, clock.millis() + 1_000);
            assertThatThrownBy(() -> file.keep(BAN)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> file.keep(BAN)).isInstanceOf(IOException.class);
            Files.delete(path.resolve("x"));
            Files.delete(path);
            Files.writeString(path, Files.readString(aside) + "b chat:a b");
            list.set("u carl", clock.millis());
            file.keep("u carl");
        }
        assertThat(Files.readAllLines(path)).hasSize(4);
        assertThat(read()).isEqualTo(list.all()).hasSize(3);
    }

    @Test
    void oneProcessHasItAtATime() throws IOException {
        try (SanctionFile file = SanctionFile.open(path, list)) {
            assertThat(file).isNotNull();
            assertThatThrownBy(this::read).hasMessageContaining("another process has it");
        }
        assertThat(read()).isEmpty();
    }

    @Test
    void aLinkToItIsFollowed() throws IOException {
        Path target = Files.writeString(
                Files.createDirectory(directory.resolve("elsewhere")).resolve("s"), "");
        Files.createSymbolicLink(path, target);
        try (SanctionFile file = SanctionFile.open(path, list)) {
            list.set(ANN, clock.millis());
            file.keep(ANN);
        }
        assertThat(path).isSymbolicLink();
        assertThat(target).content().contains(line(ANN));
    }
}
