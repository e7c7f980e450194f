package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hubbub.config.Settings;
import dev.hubbub.support.FakeClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LoginDeadlinesTest {
    private final FakeClock clock = new FakeClock();
    private final LoginDeadlines deadlines =
            new LoginDeadlines(Settings.of(Map.of("hubbub.auth.login-within", "PT5S")), clock);
    private final List<String> late = new ArrayList<>();

    private LoginDeadlines.Deadline start(String who) {
        return deadlines.start(() -> late.add(who));
    }

    private void pass(long ms) {
        clock.advance(Duration.ofMillis(ms));
        deadlines.tick();
    }

    @Test
    void whoDoesNotSpeakIsEndedAtTheFirstTickAfterTheTime() {
        LoginDeadlines.Deadline deadline = start("ann");
        pass(4_999);
        assertThat(late).isEmpty();
        pass(1);
        assertThat(late).containsExactly("ann");
        pass(60_000);
        assertThat(late).containsExactly("ann");
        assertThat(deadline.meet()).isFalse();
    }

    @Test
    void whoSpeaksInTimeIsNotEnded() {
        LoginDeadlines.Deadline deadline = start("ann");
        start("bob");
        assertThat(deadline.meet()).isTrue();
        assertThat(deadline.meet()).isFalse();
        pass(5_000);
        assertThat(late).containsExactly("bob");
    }

    @Test
    void eachHasItsOwnTime() {
        start("ann");
        pass(3_000);
        start("bob");
        pass(2_000);
        assertThat(late).containsExactly("ann");
        pass(3_000);
        assertThat(late).containsExactly("ann", "bob");
    }

    @Test
    void oneThatFailsKeepsNobodyElseForLongerThanATick() {
        for (int i = 0; i < 3; i++) {
            start("fine");
        }
        deadlines.start(() -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(() -> pass(5_000)).hasMessage("broken");
        deadlines.tick();
        assertThat(late).hasSize(3);
    }
}
