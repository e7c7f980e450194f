package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import dev.hubbub.support.FakeClock;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How fast an address may come. */
class HandshakesTest {
    private final Handshakes handshakes = new Handshakes(
            Settings.of(Map.of("hubbub.limits.handshakes-per-second", "1", "hubbub.limits.handshakes-burst", "3")),
            new Refusals(new FakeClock()));

    @Test
    void aLookTakesNothingAndSeesWhereNothingIsLeft() {
        for (int i = 0; i < 10; i++) {
            assertThat(handshakes.check("a")).isNull();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(handshakes.take("a")).isNull();
        }
        assertThat(handshakes.check("a")).isNotNull();
        assertThat(handshakes.check("a").retryAfterMs()).isBetween(1L, 1_001L);
        assertThat(handshakes.check("b")).isNull();
    }
}
