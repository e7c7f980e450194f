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

    /** How many get in until one is refused. */
    private static int let(EntryPace pace, EntryPace.Knock knock) {
        for (int in = 0; ; in++) {
            if (pace.take(knock, "a") != null) {
                return in;
            }
        }
    }

    @Test
    void eachLeavesAQuarterToThoseBehind() {
        EntryPace pace = pace("true");
        for (EntryPace.Knock knock : EntryPace.Knock.values()) {
            // a place comes back each second
            assertThat(let(pace, knock)).as("%s", knock).isBetween(BURST / 4, BURST / 4 + 5);
        }
        assertThat(refusals.count(Refusals.Reason.NODE_HANDSHAKE_RATE)).isEqualTo(4);
    }

    @Test
    void aLookTakesNothing() {
        EntryPace pace = pace("true");
        for (int i = 0; i < 3 * BURST; i++) {
            assertThat(pace.check(EntryPace.Knock.STRANGER, "a")).isNull();
        }
        assertThat(let(pace, EntryPace.Knock.KNOWN_WITH_TICKET)).isGreaterThanOrEqualTo(BURST);
        for (EntryPace.Knock knock : new EntryPace.Knock[] {EntryPace.Knock.KNOWN, EntryPace.Knock.STRANGER}) {
            assertThat(pace.check(knock, "a")).as("%s", knock).isNotNull();
        }
    }

    @Test
    void aPlaceThatIsGivenBackIsAnothers() {
        EntryPace pace = pace("true");
        for (int i = 0; i < 3 * BURST; i++) {
            assertThat(pace.take(EntryPace.Knock.STRANGER, "a")).isNull();
            pace.giveBack();
        }
        pace.giveBack(); // one too many is none more
        assertThat(let(pace, EntryPace.Knock.KNOWN_WITH_TICKET)).isBetween(BURST, BURST + 5);
    }

    @Test
    void theyAreToldToComeBackAtTimesOfTheirOwn() {
        EntryPace pace = pace("true");
        let(pace, EntryPace.Knock.KNOWN_WITH_TICKET);
        Set<Long> times = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            Refusal refusal = pace.check(EntryPace.Knock.STRANGER, "a");
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
            assertThat(pace.take(EntryPace.Knock.STRANGER, "a")).isNull();
            assertThat(pace.check(EntryPace.Knock.STRANGER, "a")).isNull();
        }
    }
}
