package dev.hubbub.room;

import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/** The bytes that all logs of the node hold, against what they may. Thread-safe. */
@Singleton
public class LogBudget {
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong trimmed = new AtomicLong();
    private final long most;

    @Inject
    public LogBudget(Settings settings) {
        most = settings.log.budgetBytes();
    }

    void add(long bytes) {
        held.addAndGet(bytes);
    }

    boolean isExceeded() {
        return held.get() > most;
    }

    boolean wouldExceed(long more) {
        return held.get() + more > most;
    }

    void trimmedForBudget() {
        trimmed.incrementAndGet();
    }

    /** Bytes held now. */
    public long held() {
        return held.get();
    }

    /** Bytes that may be held. */
    public long most() {
        return most;
    }

    /** Messages dropped for the budget rather than by their room's policy, since the start. */
    public long trimmed() {
        return trimmed.get();
    }
}
