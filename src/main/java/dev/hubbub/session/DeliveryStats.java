package dev.hubbub.session;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts of what sessions were sent and how they ended, since the start. */
@Singleton
public class DeliveryStats {
    public final LongAdder batches = new LongAdder();
    public final LongAdder bytes = new LongAdder();
    public final LongAdder messagesIn = new LongAdder();
    public final LongAdder invalid = new LongAdder();
    public final LongAdder published = new LongAdder();
    public final LongAdder resets = new LongAdder();
    public final LongAdder skipped = new LongAdder();
    public final LongAdder refusedHandshakes = new LongAdder();
    private final AtomicLongArray closes = new AtomicLongArray(5000);

    void closed(int code) {
        closes.incrementAndGet(code);
    }

    /** Connections that ended with a close code, or with none (0). */
    public long closed(dev.hubbub.protocol.CloseCode code) {
        return closes.get(code.code());
    }
}
