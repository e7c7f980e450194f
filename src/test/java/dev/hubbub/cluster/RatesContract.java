package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Race;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What every {@link Rates} does. */
public abstract class RatesContract {
    private final String name = "publish:chat:" + UUID.randomUUID();

    protected abstract Rates rates();

    protected abstract void pass(Duration time);

    /** How much time may pass by itself, where the clock is another's. */
    protected long slackMs() {
        return 0;
    }

    private long take(String name, int perMinute) {
        try {
            return rates().take(name, perMinute).toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("no answer", e);
        }
    }

    private int taken(int tries, int perMinute) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += take(name, perMinute) == 0 ? 1 : 0;
        }
        return taken;
    }

    @Test
    void aMinutesWorthMayComeAtOnceAndNoMore() {
        assertThat(taken(10, 4)).isEqualTo(4);
    }

    @Test
    void whoIsRefusedIsToldWhenThereIsOneAgain() {
        taken(4, 4);
        assertThat(take(name, 4)).isBetween(15_000 - slackMs(), 15_000L);
        pass(Duration.ofSeconds(10));
        assertThat(take(name, 4)).isBetween(5_000 - slackMs(), 5_000L);
    }

    @Test
    void aRefusalTakesNothing() {
        taken(50, 4);
        pass(Duration.ofSeconds(15));
        assertThat(taken(10, 4)).isEqualTo(1);
    }

    @Test
    void aBucketFillsEvenlyAndNoFurtherThanFull() {
        taken(4, 4);
        pass(Duration.ofSeconds(30));
        assertThat(taken(10, 4)).isEqualTo(2);
        pass(Duration.ofMinutes(10));
        assertThat(taken(10, 4)).isEqualTo(4);
    }

    @Test
    void oneAMinuteIsOneAMinute() {
        assertThat(taken(3, 1)).isEqualTo(1);
        assertThat(take(name, 1)).isBetween(60_000 - slackMs(), 60_000L);
        pass(Duration.ofMinutes(1));
        assertThat(taken(3, 1)).isEqualTo(1);
    }

    @Test
    void namesCountApart() {
        assertThat(taken(2, 1)).isEqualTo(1);
        assertThat(take(name + "2", 1)).isZero();
    }

    @Test
    void aHigherRateIsServedAtOnceAndALowerOneToo() {
        taken(2, 2);
        assertThat(taken(10, 4)).isZero(); // of the minute that holds four, two that were half of it are all of it
        pass(Duration.ofMinutes(1));
        assertThat(taken(10, 1_000_000)).isEqualTo(10);
    }

    @Test
    void aRaceGetsExactlyWhatThereIs() {
        List<Integer> taken = Race.run(16, thread -> taken(20, 100));
        assertThat(taken.stream().mapToInt(Integer::intValue).sum()).isEqualTo(100);
    }
}
