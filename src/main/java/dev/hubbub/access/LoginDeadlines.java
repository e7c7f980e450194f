package dev.hubbub.access;

import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends connections that promised {@code auth.login} and do not send it in time. One pass over those that wait, no timer
 * for each, so the end comes up to one tick (a second) late, and never early. Thread-safe.
 */
@Singleton
public class LoginDeadlines {
    private final Set<Deadline> waiting = ConcurrentHashMap.newKeySet();
    private final long withinMs;
    private final Clock clock;

    @Inject
    public LoginDeadlines(Settings settings, Clock clock) {
        this.withinMs = settings.access.loginWithinMs();
        this.clock = clock;
    }

    /** One connection's time to log in: either it is met, or it ends with {@code late}, never both. */
    public final class Deadline {
        private final long at;
        private final Runnable late;

        private Deadline(long at, Runnable late) {
            this.at = at;
            this.late = late;
        }

        /** The connection spoke, or is gone; whether that was in time and the first time. */
        public boolean meet() {
            return waiting.remove(this);
        }
    }

    /** @param late called once by the ticking thread; must not block */
    public Deadline start(Runnable late) {
        Deadline deadline = new Deadline(clock.millis() + withinMs, late);
        waiting.add(deadline);
        return deadline;
    }

    /** Called once a second. */
    public void tick() {
        long now = clock.millis();
        for (Deadline deadline : waiting) {
            if (now >= deadline.at && deadline.meet()) {
                deadline.late.run();
            }
        }
    }
}
