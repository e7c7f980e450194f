package dev.hubbub.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ComplaintsTest {
    private final FakeClock clock = new FakeClock();
    private final Complaints complaints = new Complaints(clock);

    private boolean again() {
        return complaints.isDue(new IllegalStateException(String.valueOf(clock.millis())));
    }

    @Test
    void oneCauseIsSaidOnceAMinute() {
        assertThat(again()).isTrue();
        clock.advance(Duration.ofSeconds(59));
        assertThat(again()).isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(again()).isTrue();
        assertThat(again()).isFalse();
    }

    @Test
    void anotherCauseIsSaidBesideIt() {
        assertThat(again()).isTrue();
        assertThat(complaints.isDue(new IllegalStateException("from another place")))
                .isTrue();
        assertThat(complaints.isDue(new Note.Garbage("a field is missing"))).isTrue();
        assertThat(complaints.isDue(new Note.Garbage("a field is no number"))).isFalse();
    }
}
