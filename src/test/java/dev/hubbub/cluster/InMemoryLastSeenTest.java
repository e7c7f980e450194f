package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.protocol.UserId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryLastSeenTest extends LastSeenContract {
    private final LastSeen lastSeen = new InMemoryLastSeen(settings(LIFE, Map.of()), clock);

    @Override
    protected LastSeen lastSeen() {
        return lastSeen;
    }

    @Override
    protected LastSeen other() {
        return lastSeen;
    }

    @Override
    protected long now() {
        return clock.millis();
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }

    @Test
    void theLatestHundredThousandAreKept() {
        lastSeen.gone(ann);
        for (int i = 0; i < 99_999; i++) {
            lastSeen.gone(new UserId("u" + i));
        }
        assertThat(find(lastSeen, ann)).isPresent();
        lastSeen.gone(new UserId("one-more"));
        assertThat(find(lastSeen, ann)).isEmpty();
        assertThat(find(lastSeen, new UserId("u0"))).isPresent();
    }

    @Test
    void withoutALifeNothingIsKept() {
        LastSeen none = new InMemoryLastSeen(settings(Duration.ZERO, Map.of()), clock);
        none.gone(ann);
        assertThat(find(none, ann)).isEmpty();
    }
}
