package dev.hubbub.hook;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of events, for the metrics. */
@Singleton
public class HookStats {
    /** Events that the webhook took. */
    public final LongAdder delivered = new LongAdder();
    /** Requests to the webhook that it did not take. */
    public final LongAdder failed = new LongAdder();
    /** Events that observers did not hear, since too many waited. */
    public final LongAdder unheard = new LongAdder();
}
