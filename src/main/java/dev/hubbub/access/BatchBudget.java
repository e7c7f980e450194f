package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.BodyDecoder;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLong;

/** What bodies have beyond one message, of all requests of this node, against what they may have. Thread-safe. */
@Singleton
public class BatchBudget {
    private final AtomicLong held = new AtomicLong();
    private final long most;

    @Inject
    public BatchBudget(Settings settings) {
        most = (long) settings.limits.batches() * BodyDecoder.MOST * settings.limits.messageBytes();
    }

    /** So many bytes more; false where there is no room for them, and nothing is taken. */
    public boolean take(long bytes) {
        if (held.addAndGet(bytes) <= most) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    public void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Bytes held now. */
    public long held() {
        return held.get();
    }
}
