package dev.hubbub.websocket;

import dev.hubbub.access.Refusals;
import dev.hubbub.config.Settings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How fast frames of one connection are read, whatever is in them: pings and fragments as well. Whoever sends more is
 * read no faster, and has to wait to send; the thread that reads for all is the others' meanwhile. One for all
 * connections, each of which keeps the time up to which its frames are accounted for. Thread-safe.
 */
final class FramePace {
    /** What is asked to do something later. */
    interface Later {
        void run(Runnable task, long waitNanos);
    }

    /** For a close frame to be read by whoever floods, before the connection is cut off. */
    static final long FAREWELL_NS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Nothing is woken for a frame or two. */
    private static final long LEAST_NS = TimeUnit.MILLISECONDS.toNanos(10);

    /** However many refusals become known at once. */
    private static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final long intervalNs;
    private final long toleranceNs;
    private final long pauseNs;
    private final LongSupplier clock;
    private final Later later;
    private final Refusals refusals;

    /**
     * @param perSecond frames, sustained
     * @param burst frames at once
     * @param pauseMs for each message that was refused
     * @param clock nanoseconds
     */
    FramePace(int perSecond, int burst, long pauseMs, LongSupplier clock, Later later, Refusals refusals) {
        this.intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.toleranceNs = intervalNs * burst;
        this.pauseNs = TimeUnit.MILLISECONDS.toNanos(pauseMs);
        this.clock = clock;
        this.later = later;
        this.refusals = refusals;
    }

    /** Null where nothing is limited. */
    static @Nullable FramePace of(Settings.Limits limits, Refusals refusals) {
        return limits.enabled()
                ? new FramePace(
                        limits.framesPerSecond(),
                        limits.framesBurst(),
                        limits.refusalPauseMs(),
                        System::nanoTime,
                        FramePace::delayed,
                        refusals)
                : null;
    }

    private static void delayed(Runnable task, long waitNanos) {
        Executor executor = CompletableFuture.delayedExecutor(waitNanos, TimeUnit.NANOSECONDS, Runnable::run);
        executor.execute(task);
    }

    /** The account of a connection that has sent nothing yet. */
    long begin() {
        return clock.getAsLong();
    }

    /** The account with one more frame. */
    long frame(long account) {
        long now = clock.getAsLong();
        return (account - now > 0 ? account : now) + intervalNs;
    }

    /** How long the next frame has to wait; 0 or less where it has not. */
    long waitNanos(long account) {
        return account - clock.getAsLong() - toleranceNs;
    }

    /** How long whoever was refused so many messages is not read; signs of life have to come through. */
    long pauseNanos(int refused) {
        return Math.min(refused * pauseNs, LONGEST_PAUSE_NS);
    }

    /** Goes on after a pause; why was told, and counted, where the messages were refused. */
    void pause(Runnable next, long nanos) {
        later.run(next, nanos);
    }

    /** Goes on once the wait is over, or a little later. */
    void hold(Object who, Runnable next, long waitNanos) {
        refusals.count(Refusals.Reason.FRAME_RATE, who);
        later.run(next, Math.max(waitNanos, LEAST_NS));
    }
}
