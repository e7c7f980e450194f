package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import dev.hubbub.support.FakeClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemorySanctionsTest extends SanctionsContract {
    private final FakeClock clock = new FakeClock();
    private final SanctionList list = new SanctionList(clock, Duration.ofDays(1).toMillis());
    private final Sanctions sanctions =
            new InMemorySanctions(Settings.of(Map.of("hubbub.limits.bans-per-room", MOST_BANS)), clock);

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
    void whatIsOverIsForgotten() {
        list.set(SanctionList.revocation(ANN), clock.millis());
        list.set(SanctionList.ban(ROOM, BEN), clock.millis() + 1_000);
        clock.advance(Duration.ofHours(23));
        list.expire();
        assertThat(list.all()).containsOnlyKeys(SanctionList.revocation(ANN));
        clock.advance(Duration.ofHours(2));
        list.expire();
        assertThat(list.size()).isZero();
    }

    @Test
    void whatAnotherKnowsTakesThePlaceOfAll() {
        list.set(SanctionList.revocation(ANN), clock.millis());
        list.set(SanctionList.ban(ROOM, ANN), clock.millis() + 1_000);
        list.set(SanctionList.ban(ROOM, BEN), clock.millis() + 1_000);
        Map<String, Long> others = Map.of(
                SanctionList.revocation(BEN), clock.millis(), SanctionList.ban(ROOM, BEN), clock.millis() + 2_000);
        list.replace(others);
        assertThat(list.all()).isEqualTo(others);
        assertThat(list.size()).isEqualTo(2);
    }

    @Test
    void onlyNamesOfSanctionsAreNames() {
        assertThat(SanctionList.isName(SanctionList.revocation(ANN))).isTrue();
        assertThat(SanctionList.isName(SanctionList.ban(ROOM, ANN))).isTrue();
        assertThat(SanctionList.isName("u")).isFalse();
        assertThat(SanctionList.isName("u ann ben")).isFalse();
        assertThat(SanctionList.isName("b chat:a")).isFalse();
        assertThat(SanctionList.isName("b chat: ann")).isFalse();
        assertThat(SanctionList.isName("x ann")).isFalse();
    }
}
