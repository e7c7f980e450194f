package dev.hubbub.websocket;

import dev.hubbub.access.Entrance;
import dev.hubbub.access.LoginDeadlines;
import dev.hubbub.access.Pace;
import dev.hubbub.access.Refusals;
import dev.hubbub.config.Settings;
import dev.hubbub.dispatch.Dispatcher;
import dev.hubbub.dispatch.Openings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.session.FrameSink;
import dev.hubbub.session.Sessions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.websocket.Session;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee11.websocket.jakarta.common.JakartaWebSocketSession;
import org.eclipse.jetty.websocket.core.Extension;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.jspecify.annotations.Nullable;

/** What every connection's endpoint needs; one for all of them. */
@Singleton
public class Gateway {
    /** Each waits for a second at most. */
    private static final int THREADS = 8;

    private static final int MOST_WAITING = 1_000;
    /** What is told where more wait. */
    static final Refusal BUSY = new Refusal(ErrorCode.UNAVAILABLE, "too many log in at once", 2_000);

    final Dispatcher dispatcher;
    final Openings openings;
    final Sessions sessions;
    final Settings settings;
    final Entrance entrance;
    final LoginDeadlines logins;
    private final ReadingLane lane;

    private final Reading reading;
    /** Where clients that log in by message wait for their place; null where nobody waits. */
    private final @Nullable ThreadPoolExecutor places;

    @Inject
    public Gateway(
            Dispatcher dispatcher,
            Openings openings,
            Sessions sessions,
            Settings settings,
            Entrance entrance,
            LoginDeadlines logins,
            Refusals refusals) {
        this.dispatcher = dispatcher;
        this.openings = openings;
        this.sessions = sessions;
        this.settings = settings;
        this.entrance = entrance;
        this.logins = logins;
        this.lane = ReadingLane.of(settings.delivery.loops(), settings.limits.enabled());
        this.reading = new Reading(FramePace.of(settings.limits, refusals), lane::later);
        this.places = settings.redis.isUsed() && settings.limits.enabled() ? places() : null;
    }

    private static ThreadPoolExecutor places() {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "places");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /** Runs what may wait for Redis, in a thread that may; false where too many wait already. */
    boolean mayWait(Runnable task) {
        if (places == null) {
            task.run();
            return true;
        }
        try {
            places.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @PreDestroy
    void stop() {
        lane.stop();
        if (places != null) {
            places.shutdownNow();
        }
    }

    Pace pace() {
        return new Pace(settings.limits);
    }

    /** Compressed frames cannot be shared, so compression needs the portable way. */
    boolean sharesFrames() {
        return !settings.webSocket.portable() && !settings.webSocket.compression();
    }

    /** Whether connections have a gate: where nothing of Jetty's own may be used they have none. */
    boolean hasGates() {
        return !settings.webSocket.portable();
    }

    FrameSink sink(Session session) {
        if (session instanceof JakartaWebSocketSession jetty
                && jetty.getCoreSession() instanceof WebSocketCoreSession core) {
            for (Extension extension : core.getExtensionStack().getExtensions()) {
                if (extension instanceof WriteGate gate) {
                    gate.begin(reading);
                    if (sharesFrames()) {
                        SelectorReads.use(core.getConnection(), gate, lane);
                        return new JettyFrameSink(core, gate);
                    }
                }
            }
        }
        return new PortableFrameSink(session);
    }
}
