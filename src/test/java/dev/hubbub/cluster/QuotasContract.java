package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Race;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every {@link Quotas} does. */
public abstract class QuotasContract {
    private final String name = "user:" + UUID.randomUUID();

    protected abstract Quotas quotas();

    private int take(int tries, int limit) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += quotas().take(name, limit) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void thereAreAsManyPlacesAsTheLimitSays() {
        assertThat(take(10, 3)).isEqualTo(3);
    }

    @Test
    void aPlaceGivenBackCanBeTakenAgain() {
        assertThat(take(3, 3)).isEqualTo(3);
        quotas().giveBack(name);
        assertThat(take(5, 3)).isEqualTo(1);
    }

    @Test
    void whoeverGotNoPlaceTookNone() {
        assertThat(take(10, 1)).isEqualTo(1);
        quotas().giveBack(name);
        assertThat(take(10, 2)).isEqualTo(2);
    }

    @Test
    void givingBackMoreThanWasTakenMakesNoPlaces() {
        quotas().giveBack(name);
        quotas().giveBack(name);
        assertThat(take(5, 2)).isEqualTo(2);
    }

    @Test
    void aLimitOfZeroGivesNone() {
        assertThat(take(3, 0)).isZero();
        assertThat(take(3, 1)).isEqualTo(1);
    }

    @Test
    void aLowerLimitCountsWhatWasTakenUnderAHigherOne() {
        assertThat(take(5, 5)).isEqualTo(5);
        assertThat(take(1, 3)).isZero();
        Collections.nCopies(3, name).forEach(quotas()::giveBack);
        assertThat(take(5, 3)).isEqualTo(1);
    }

    @Test
    void namesCountApart() {
        assertThat(take(2, 2)).isEqualTo(2);
        assertThat(quotas().take(name + "-other", 2)).isTrue();
    }

    @Test
    void neverAreMorePlacesTakenThanTheLimitAtOnce() {
        AtomicInteger now = new AtomicInteger();
        List<Integer> mosts = Race.run(16, thread -> {
            int most = 0;
            for (int i = 0; i < 500; i++) {
                if (quotas().take(name, 5)) {
                    most = Math.max(most, now.incrementAndGet());
                    Thread.yield();
                    now.decrementAndGet();
                    quotas().giveBack(name);
                }
            }
            return most;
        });
        assertThat(Collections.max(mosts)).isBetween(1, 5);
        assertThat(take(10, 5)).isEqualTo(5);
    }

    @Test
    void aRaceForPlacesFillsThemExactly() {
        List<Integer> taken = Race.run(16, thread -> take(10, 40));
        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(40);
    }
}
