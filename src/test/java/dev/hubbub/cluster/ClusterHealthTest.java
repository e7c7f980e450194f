package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClusterHealthTest {
    private final FakeClock clock = new FakeClock();
    private final ClusterHealth health = new ClusterHealth(clock);

    @Test
    void theFirstAnswerIsNoReturn() {
        health.notYet();
        assertThat(health.isHere()).isFalse();
        assertThat(health.isReady()).isFalse();
        health.here();
        assertThat(health.isReady()).isTrue();
        assertThat(health.reconnects.sum()).isZero();
        for (int i = 1; i <= 3; i++) {
            health.away();
            health.away();
            health.here();
            health.here();
            assertThat(health.reconnects.sum()).isEqualTo(i);
        }
    }

    @Test
    void aShortAbsenceIsTolerated() {
        health.notYet();
        health.here();
        health.away();
        clock.advance(Duration.ofMillis(4_999));
        health.away();
        assertThat(health.isHere()).isFalse();
        assertThat(health.isReady()).isTrue();
        clock.advance(Duration.ofMillis(1));
        assertThat(health.isReady()).isFalse();
    }

    @Test
    void whatIsOfNoUseIsAwayUntilItIsMended() throws InterruptedException {
        health.notYet();
        health.unfit("too old");
        assertThat(health.awaitFirst(Duration.ZERO)).isEqualTo("too old");
        assertThat(health.isHere()).isFalse();
        health.here();
        assertThat(health.awaitFirst(Duration.ZERO)).isEmpty();
        assertThat(health.isHere()).isTrue();
        assertThat(health.reconnects.sum()).isZero();
    }
}
