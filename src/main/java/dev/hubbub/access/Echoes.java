package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The open echoes of this node: no sessions, for they have no rooms and are sent nothing of their own, but somebody's
 * connections, which end with what let them in as sessions do. Thread-safe.
 */
@Singleton
public class Echoes {
    /** How long a peer has to take what is in flight and the reason of a close, in ms. */
    private static final long CLOSE_MS = 10_000;

    private final Set<Echo> open = ConcurrentHashMap.newKeySet();
    private final Standing standing;
    private final long graceMs;
    private final Clock clock;

    @Inject
    public Echoes(Standing standing, Settings settings, Clock clock) {
        this.standing = standing;
        this.graceMs = settings.access.expiryGraceMs();
        this.clock = clock;
    }

    /** What ends a connection; neither waits. */
    public interface Line {
        void close(CloseCode code, String reason);

        void abort();
    }

    /** One connection, from its opening to its end. */
    public final class Echo {
        private final Identity who;
        private final Line line;
        /** When it is cut off, in ms since the epoch; 0 while it may stay. Guarded by this. */
        private long cutAt;

        private Echo(Identity who, Line line) {
            this.who = who;
            this.line = line;
        }

        /** The connection is gone. */
        public void gone() {
            open.remove(this);
        }

        private void close(CloseCode code, String reason) {
            if (isFirst()) {
                line.close(code, reason);
            }
        }

        private synchronized boolean isFirst() {
            boolean first = cutAt == 0;
            if (first) {
                cutAt = clock.millis() + CLOSE_MS;
            }
            return first;
        }

        private synchronized boolean isOverdue(long now) {
            return cutAt > 0 && now >= cutAt;
        }

        private void tick(long now) {
            long expiresAt = who.expiresAt();
            @Nullable String objection = standing.objection(who);
            if (isOverdue(now)) {
                open.remove(this);
                line.abort();
            } else if (objection != null) {
                close(CloseCode.FORBIDDEN, objection);
            } else if (expiresAt > 0 && now - expiresAt > graceMs) {
                close(CloseCode.TOKEN_EXPIRED, "the token has expired");
            }
        }
    }

    public Echo open(Identity who, Line line) {
        Echo echo = new Echo(who.told(), line);
        open.add(echo);
        return echo;
    }

    /** Ends all echoes of a user on this node. */
    public void close(UserId user, CloseCode code, String reason) {
        open.stream().filter(echo -> echo.who.user().equals(user)).forEach(echo -> echo.close(code, reason));
    }

    /** Called once a second. */
    public void tick() {
        long now = clock.millis();
        open.forEach(echo -> echo.tick(now));
    }
}
