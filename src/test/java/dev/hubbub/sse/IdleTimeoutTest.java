package dev.hubbub.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class IdleTimeoutTest {
    /** A second of the clock's tick before, ten for a close after. */
    private static final long SPARE_MS = 11_000;

    @Test
    void theContainerWaitsLongerThanTheWriteDeadline() throws IOException {
        Properties ini = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("etc", "base", "start.d", "hubbub.ini"))) {
            ini.load(reader);
        }
        assertThat(Long.parseLong(ini.getProperty("jetty.http.idleTimeout")))
                .isGreaterThan(Settings.of(Map.of()).delivery.writeDeadlineMs() + SPARE_MS);
    }
}
