package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.config.ConfigurationException;
import dev.hubbub.config.Settings;
import dev.hubbub.support.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sanctions of a node that keeps them in a file: as those in memory, and there again after a restart. */
class FileSanctionsTest extends SanctionsContract {
    private static final long HOUR_MS = 3_600_000;

    private final FakeClock clock = new FakeClock();

    @TempDir
    Path parent;

    private Path directory;
    private InMemorySanctions sanctions;

    @BeforeEach
    void begin() throws IOException {
        directory = Files.createDirectory(parent.resolve("var"));
        sanctions = started();
    }

    @AfterEach
    void end() {
        sanctions.close();
    }

    private InMemorySanctions started() {
        return new InMemorySanctions(
                Settings.of(Map.of(
                        "hubbub.sanctions.file",
                        directory.resolve("sanctions").toString(),
                        "hubbub.limits.bans-per-room",
                        MOST_BANS)),
                clock);
    }

    private void restart() {
        sanctions.close();
        sanctions = started();
    }

    @Override
    protected Sanctions sanctions() {
        return sanctions;
    }

    @Override
    protected long now() {
        return clock.millis();
    }

    @Override
    protected void pass(long ms) {
        clock.advance(Duration.ofMillis(ms));
    }

    @Test
    void whatWasDecidedHoldsAfterARestart() {
        done(sanctions.revoke(ANN));
        assertThat(bans(sanctions, ROOM, "ann", HOUR_MS)).isTrue();
        assertThat(bans(sanctions, ROOM, "bob", HOUR_MS)).isTrue();
        assertThat(bans(sanctions, ROOM, "ben", HOUR_MS)).isTrue();
        assertThat(bans(sanctions, ROOM, "ben", 0)).isTrue();
        restart();
        assertThat(sanctions.isRevoked(ANN, now())).isTrue();
        assertThat(sanctions.isRevoked(ANN, now() + 1_000)).isFalse();
        assertThat(sanctions.isBanned(ROOM, ANN)).isTrue();
        assertThat(sanctions.isBanned(ROOM, BEN)).isFalse();
        assertThat(bans(sanctions, ROOM, "carl", HOUR_MS)).isTrue();
        assertThat(bans(sanctions, ROOM, "ben", HOUR_MS)).as("they count").isFalse();
        pass(HOUR_MS + 1);
        restart();
        assertThat(sanctions.isBanned(ROOM, ANN)).isFalse();
    }

    private static void isUnavailable(Sanctions sanctions) {
        assertThatThrownBy(() -> sanctions.revoke(ANN).toCompletableFuture().join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(Unavailable.class);
    }

    @Test
    void whatCannotBeWrittenHoldsAndIsToldToBeUncertainAndTheNextBringsItAlong() throws IOException {
        assertThat(bans(sanctions, ROOM, "ann", HOUR_MS)).isTrue();
        Path away = Files.move(directory, parent.resolve("away"));
        isUnavailable(sanctions);
        isUnavailable(sanctions);
        assertThat(sanctions.isRevoked(ANN, now())).isTrue();
        Files.move(away, directory);
        assertThat(bans(sanctions, ROOM, "ben", HOUR_MS)).isTrue();
        restart();
        assertThat(sanctions.isRevoked(ANN, now())).isTrue();
        assertThat(sanctions.isBanned(ROOM, ANN)).isTrue();
        assertThat(sanctions.isBanned(ROOM, BEN)).isTrue();
    }

    @Test
    void aFileThatAnotherHasOrThatIsSomethingElseStopsTheStart() throws IOException {
        assertThatThrownBy(this::started)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll("hubbub.sanctions.file", "another process has it");
        sanctions.close();
        Path file = directory.resolve("sanctions");
        Files.writeString(file, "{\"keys\":[]}\n");
        assertThatThrownBy(this::started)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("no file of sanctions");
        assertThat(file).hasContent("{\"keys\":[]}\n");
        Files.writeString(file, "");
        sanctions = started();
        assertThat(file).hasContent(SanctionFile.HEAD);
    }
}
