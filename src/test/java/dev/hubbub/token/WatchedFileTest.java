package dev.hubbub.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.support.FakeClock;
import dev.hubbub.support.Logged;
import dev.hubbub.support.Race;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchedFileTest {
    private final FakeClock clock = new FakeClock();
    private final AtomicInteger reads = new AtomicInteger();

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void write() throws IOException {
        path = Files.writeString(directory.resolve("file"), "one");
    }

    private WatchedFile<String> watched() {
        return new WatchedFile<>(path, this::read, clock);
    }

    private String read(String text) {
        reads.incrementAndGet();
        if (text.startsWith("bad")) {
            throw new IllegalArgumentException("it is " + text);
        }
        return text;
    }

    private void second() {
        clock.advance(Duration.ofSeconds(1));
    }

    @Test
    void aChangeIsSeenWithinASecond() throws IOException {
        WatchedFile<String> file = watched();
        Files.writeString(path, "another");
        assertThat(file.get()).isEqualTo("one");
        second();
        assertThat(file.get()).isEqualTo("another");
    }

    @Test
    void aFileThatIsReplacedByOneOfTheSameTimeAndLengthIsSeen() throws IOException {
        WatchedFile<String> file = watched();
        FileTime time = Files.getLastModifiedTime(path);
        Path next = Files.writeString(directory.resolve("next"), "two");
        Files.setLastModifiedTime(next, time);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
        second();
        assertThat(file.get()).isEqualTo("two");
    }

    @Test
    void aFileThatDoesNotChangeIsReadOnce() {
        WatchedFile<String> file = watched();
        for (int i = 0; i < 5; i++) {
            second();
            file.get();
        }
        assertThat(reads).hasValue(1);
    }

    @Test
    void oneOfManyWhoAskAtOnceLooks() throws IOException {
        WatchedFile<String> file = watched();
        Files.writeString(path, "bad");
        second();
        Race.run(8, thread -> file.get());
        assertThat(reads).hasValue(2);
    }

    @Test
    void whatIsWrongIsSaidOnceAndTheFormerStays() throws IOException {
        WatchedFile<String> file = watched();
        try (Logged log = new Logged()) {
            Files.writeString(path, "bad one");
            for (int i = 0; i < 5; i++) {
                second();
                assertThat(file.get()).isEqualTo("one");
            }
            assertThat(log.count("cannot be used")).isEqualTo(1);
            Files.delete(path);
            for (int i = 0; i < 5; i++) {
                second();
                assertThat(file.get()).isEqualTo("one");
            }
            assertThat(log.count("cannot be used")).isEqualTo(2);
            Files.writeString(path, "two");
            second();
            assertThat(file.get()).isEqualTo("two");
            Files.writeString(path, "bad one");
            second();
            file.get();
            assertThat(log.count("cannot be used")).as("wrong again").isEqualTo(3);
        }
    }

    @Test
    void aFileThatCannotBeReadAtFirstIsRefused() {
        assertThatThrownBy(() -> new WatchedFile<>(directory.resolve("none"), this::read, clock))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
