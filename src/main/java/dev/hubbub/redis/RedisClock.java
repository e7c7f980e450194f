package dev.hubbub.redis;

import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What time it is at one Redis, by its answers to probes: the time in an answer is taken to be that of half its way.
 * Thread-safe.
 */
final class RedisClock {
    /** An answer that took longer says little of the time, in ms. */
    private static final long PROMPT_MS = 200;

    /** This node's. */
    private final Clock clock;
    /** How far the other one is ahead of it, in ms; null while that is not known. */
    private volatile @Nullable Long ahead;

    RedisClock(Clock clock) {
        this.clock = clock;
    }

    /** @param asked when, by this node's clock, in ms */
    void told(List<Object> probe, long asked) {
        told(Note.number(RedisLink.text(probe.get(0))), asked);
    }

    /** Takes a prompt answer, and any that shows what was known to be wrong: its time lies between question and answer. */
    void told(long theirs, long asked) {
        long now = clock.millis();
        Long known = ahead;
        if (known == null || now - asked <= PROMPT_MS || known < theirs - now || known > theirs - asked) {
            ahead = theirs - (asked + (now - asked) / 2);
        }
    }

    /** How far it is ahead of this node's, in ms; negative where it is behind, 0 while that is not known. */
    long aheadMs() {
        Long known = ahead;
        return known == null ? 0 : known;
    }

    /** When so many ms will have passed there, by its own time; empty while that is not known. */
    String in(long ms) {
        Long known = ahead;
        return known == null ? "" : String.valueOf(clock.millis() + known + ms);
    }
}
