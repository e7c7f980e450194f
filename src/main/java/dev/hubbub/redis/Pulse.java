package dev.hubbub.redis;

import java.util.concurrent.atomic.AtomicLong;

/** Tells of questions asked again and again whether an outcome still counts: not where a later one was answered. Thread-safe. */
final class Pulse {
    private final AtomicLong asked = new AtomicLong();
    /** The latest that was answered. */
    private final AtomicLong answered = new AtomicLong();

    /** The number of the next question. */
    long ask() {
        return asked.incrementAndGet();
    }

    /** Whether it counts that a question was answered, or was not. */
    boolean counts(long number, boolean answer) {
        if (answer) {
            answered.accumulateAndGet(number, Math::max);
        }
        return answer || number >= answered.get();
    }
}
