package dev.hubbub.hook;

import dev.hubbub.cluster.Outbox;
import dev.hubbub.config.Settings;
import dev.hubbub.config.Webhook;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is in the outbox to the webhook, one batch at a time, the oldest first. Where that fails it tries again later
 * and later, and gives up what is too old. Only the node that the outbox lets send does. Thread-safe; only the end waits.
 */
@Singleton
public class Sender {
    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
    /** How soon it looks for events, in ms. */
    private static final long EVERY_MS = 500;
    /** A node that has died or stands still keeps the others from sending for so long, and the time of a request, in ms. */
    private static final long HOLD_MS = 10_000;

    private static final long FIRST_BACK_OFF_MS = 1_000;
    private static final long MOST_BACK_OFF_MS = 60_000;
    /** A receiver that asks for more is asked after this. */
    private static final long MOST_RETRY_AFTER_MS = 3_600_000;

    private static final int END_LOOKS = 200;
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Outbox outbox;
    private final Webhook settings;
    private final HookStats stats;
    private final Clock clock;
    /** A random number below this one. */
    private final LongUnaryOperator random;

    private final long holdMs;
    private final Paced failing;
    private final Paced losing;
    private final @Nullable Receiver receiver;
    private @Nullable ScheduledExecutorService scheduler;

    /** Guarded by this, as the next ones. */
    private boolean busy;

    private int failures;
    private long notBefore;
    private boolean more;

    @Inject
    public Sender(Outbox outbox, Settings settings, HookStats stats, Clock clock) {
        this(
                outbox,
                settings,
                stats,
                clock,
                below -> ThreadLocalRandom.current().nextLong(below));
    }

    /** For tests, which leave nothing to chance. */
    Sender(Outbox outbox, Settings settings, HookStats stats, Clock clock, LongUnaryOperator random) {
        this.outbox = outbox;
        this.settings = settings.webhook;
        this.stats = stats;
        this.clock = clock;
        this.random = random;
        holdMs = HOLD_MS + this.settings.timeoutMs();
        failing = new Paced(clock);
        losing = new Paced(clock);
        receiver = this.settings.isUsed() ? new Receiver(this.settings, clock) : null;
    }

    synchronized void start() {
        ScheduledExecutorService own = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "webhook");
            thread.setDaemon(true);
            return thread;
        });
        scheduler = own;
        // what it throws is in the stage, which is looked at
        var unused = own.scheduleWithFixedDelay(this::tick, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** Does what is due, unless it is being done. */
    void tick() {
        Receiver to = receiver;
        boolean waits;
        synchronized (this) {
            if (busy || to == null) {
                return;
            }
            busy = true;
            more = false;
            waits = clock.millis() < notBefore;
        }
        CompletionStage<?> done = waits
                ? outbox.next(1, holdMs) // so that it stays the one: another node would not wait
                : outbox.next(settings.batch(), holdMs).thenCompose(batch -> send(to, batch));
        var unused = done.whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.debug("the outbox could not be read or written; the next look goes on", failure);
            }
            if (ended(failure)) {
                tick();
            }
        });
    }

    private synchronized boolean ended(@Nullable Throwable failure) {
        busy = false;
        more &= failure == null;
        return more;
    }

    private CompletionStage<?> send(Receiver to, Outbox.Batch batch) {
        if (batch.items().isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return to.send(batch).thenCompose(answer -> answered(batch, answer));
    }

    private CompletionStage<?> answered(Outbox.Batch batch, Receiver.Answer answer) {
        int count = batch.items().size();
        if (answer instanceof Receiver.Answer.Taken) {
            stats.delivered.add(count);
            succeeded(count);
            return outbox.remove(batch);
        }
        stats.failed.increment();
        if (answer instanceof Receiver.Answer.Refused refused) {
            succeeded(count);
            lost(count, "it answers " + refused.status());
            return outbox.giveUp(batch);
        }
        Receiver.Answer.Later later = (Receiver.Answer.Later) answer;
        long now = clock.millis();
        long wait = backOff(now, later.afterMs());
        if (failing.isDue()) {
            LOG.warn("the webhook does not take events, which are kept: {}; next try in {} ms", later.why(), wait);
        }
        int old = (int) batch.items().stream()
                .takeWhile(item -> now - item.at() >= settings.retryMs())
                .count();
        if (old == 0) {
            return CompletableFuture.completedFuture(null);
        }
        lost(old, "they are older than hubbub.webhook.retry-for");
        return outbox.giveUp(batch.first(old));
    }

    private synchronized void succeeded(int count) {
        failures = 0;
        notBefore = 0;
        more = count == settings.batch();
    }

    /** Exponential, with full jitter, but never before the receiver wants to be asked. */
    private synchronized long backOff(long now, long retryAfterMs) {
        long most = Math.min(MOST_BACK_OFF_MS, FIRST_BACK_OFF_MS << Math.min(failures, 10));
        failures++;
        long wait = Math.max(random.applyAsLong(most + 1), Math.min(retryAfterMs, MOST_RETRY_AFTER_MS));
        notBefore = now + wait;
        return wait;
    }

    private void lost(int count, String why) {
        if (losing.isDue()) {
            LOG.warn("{} events for the webhook are lost: {}; {} so far", count, why, outbox.lost() + count);
        }
    }

    /** Sends what there is, waiting 2 s at most; where the last try failed, what there is stays. */
    void end() {
        stop();
        tick();
        for (int looks = 0; looks < END_LOOKS && isBusy(); looks++) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    synchronized boolean isBusy() {
        return busy || more;
    }

    synchronized void stop() {
        if (scheduler != null) {
            scheduler.shutdownNow();
        }
    }
}
