package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.support.FakeClock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How fast a node lets people in. */
class EntryPaceTest {
    private static final int BURST = 100;
    private final Refusals refusals = new Refusals(new FakeClock());

    private EntryPace pace(String enabled) {
        Map<String, String> settings = Map.of(
                "hubbub.limits.enabled",
                enabled,
                "hubbub.limits.node-handshakes-per-second",
                "1",
                "hubbub.limits.node-handshakes-burst",
                String.valueOf(BURST));
        return new EntryPace(Settings.of(settings), refusals);
    }

    private static int let(EntryPace pace, boolean stranger) {
        for (int in = 0; ; in++) {
            if (pace.take(stranger, "a") != null) {
                return in;
            }
        }
    }

    @Test
    void strangersGetHalfAndUsersTheRest() {
        EntryPace pace = pace("true");
        assertThat(let(pace, true)).isBetween(BURST / 2, BURST / 2 + 5);
        assertThat(let(pace, false)).isBetween(BURST / 2, BURST / 2 + 5);
        assertThat(refusals.count(Refusals.Reason.NODE_HANDSHAKE_RATE)).isEqualTo(2);
    }

    @Test
    void aLookTakesNothing() {
        EntryPace pace = pace("true");
        for (int i = 0; i < 3 * BURST; i++) {
            assertThat(pace.check(true, "a")).isNull();
        }
        assertThat(let(pace, false)).isGreaterThanOrEqualTo(BURST);
        assertThat(pace.check(false, "a")).isNotNull(); // first: a place comes back within a second
        assertThat(pace.check(true, "a")).isNotNull();
    }

    @Test
    void theyAreToldToComeBackAtTimesOfTheirOwn() {
        EntryPace pace = pace("true");
        let(pace, false);
        Set<Long> times = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            Refusal refusal = pace.check(true, "a");
            assertThat(refusal).isNotNull();
            assertThat(refusal.code()).isEqualTo(ErrorCode.UNAVAILABLE);
            assertThat(refusal.retryAfterMs()).isBetween(1_000L, 10_000L);
            times.add(refusal.retryAfterMs() / 1_000);
        }
        assertThat(times).hasSizeGreaterThan(5);
    }

    @Test
    void withoutLimitsThereIsNone() {
        EntryPace pace = pace("false");
        for (int i = 0; i < 3 * BURST; i++) {
            assertThat(pace.take(true, "a")).isNull();
            assertThat(pace.check(true, "a")).isNull();
        }
    }
}
