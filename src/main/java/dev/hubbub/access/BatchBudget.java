package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.BodyDecoder;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** What the bodies of requests have beyond one message. */
@Singleton
public class BatchBudget extends ByteBudget {
    private static final Kind KIND = new Kind("large batches", Refusals.Reason.BATCHES, Refusals.Reason.USER_BATCHES);

    @Inject
    public BatchBudget(Settings settings, Refusals refusals) {
        this(settings.limits, refusals, (long) BodyDecoder.MOST * settings.limits.messageBytes());
    }

    private BatchBudget(Settings.Limits limits, Refusals refusals, long largest) {
        super(
                refusals,
                KIND,
                limits.batches() * largest,
                Math.max(largest, limits.batches() * largest / 2),
                limits.batchesPerUser() * largest);
    }
}
