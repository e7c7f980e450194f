package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.FakeClock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** What every version of {@link LastSeen} keeps to. */
public abstract class LastSeenContract {
    protected static final Duration LIFE = Duration.ofHours(1);
    /** The node's clock. */
    protected final FakeClock clock = new FakeClock();

    protected final UserId ann = new UserId("ann-" + UUID.randomUUID());

    /** As another node has it, where there are several. */
    protected abstract LastSeen lastSeen();

    protected abstract LastSeen other();

    /** What time it is for whoever answers. */
    protected abstract long now();

    protected abstract void pass(Duration time);

    protected static Settings settings(Duration life, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put("hubbub.presence.last-seen", life.toString());
        return Settings.of(all);
    }

    protected static OptionalLong find(LastSeen lastSeen, UserId user) {
        try {
            return lastSeen.find(user).toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the stage did not complete", e);
        }
    }

    private long awaitFound() {
        Awaitility.await().until(() -> find(other(), ann).isPresent());
        return find(other(), ann).getAsLong();
    }

    @Test
    void nothingIsKnownOfAUserWhoWasNeverHere() {
        assertThat(find(lastSeen(), ann)).isEmpty();
    }

    @Test
    void everyNodeKnowsWhenAUserWent() {
        long before = now();
        lastSeen().gone(ann);
        assertThat(awaitFound()).isBetween(before, now());
    }

    @Test
    void theLatestTimeCounts() {
        lastSeen().gone(ann);
        long first = awaitFound();
        pass(Duration.ofMinutes(1));
        lastSeen().gone(ann);
        Awaitility.await().until(() -> find(other(), ann).orElse(0) > first - 1);
        assertThat(now() - find(other(), ann).getAsLong()).isLessThan(30_000);
    }

    @Test
    void itIsForgottenInTime() {
        lastSeen().gone(ann);
        awaitFound();
        pass(LIFE.minusMinutes(1));
        assertThat(find(other(), ann)).isPresent();
        pass(Duration.ofMinutes(2));
        assertThat(find(other(), ann)).isEmpty();
    }
}
