package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RedisClockTest {
    private final FakeClock own = new FakeClock();
    private final RedisClock clock = new RedisClock(own);

    /** It is so far ahead, and answers half way through. */
    private void answer(long tookMs, long ahead) {
        long asked = own.millis();
        own.advance(Duration.ofMillis(tookMs));
        clock.told(asked + tookMs / 2 + ahead, asked);
    }

    @Test
    void nothingIsKnownBeforeTheFirstAnswer() {
        assertThat(clock.aheadMs()).isZero();
        assertThat(clock.in(30_000)).isEmpty();
    }

    @Test
    void itMayBeAheadOrBehind() {
        answer(1_000, -10_000); // the only one, however late
        assertThat(clock.aheadMs()).isEqualTo(-10_000);
        answer(200, 4_000);
        assertThat(clock.aheadMs()).isEqualTo(4_000);
        assertThat(clock.in(30_000)).isEqualTo(String.valueOf(own.millis() + 34_000));
    }

    @Test
    void aLateAnswerSaysNothingUnlessItShowsThatWhatWasKnownIsWrong() {
        answer(10, 4_000);
        answer(2_000, 4_999); // what was known may still be so
        assertThat(clock.aheadMs()).isEqualTo(4_000);
        answer(2_000, 5_001); // another Redis took over
        assertThat(clock.aheadMs()).isEqualTo(5_001);
        answer(2_000, 3_999);
        assertThat(clock.aheadMs()).isEqualTo(3_999);
    }
}
