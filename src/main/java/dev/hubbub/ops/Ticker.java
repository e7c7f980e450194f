package dev.hubbub.ops;

import dev.hubbub.access.Echoes;
import dev.hubbub.access.LoginDeadlines;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.Sessions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that once a second lets sessions, echoes, rooms, logins and headers do what is due, and ten times a
 * second a drain that has begun: one ordered pass, no timer for each.
 */
@Singleton
public class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
    private static final long TICK_MS = 1_000;
    private static final long DRAIN_MS = 100;

    /** A drain that begins once all is over is not looked at any more, and not told so. */
    private final ScheduledExecutorService scheduler = new ScheduledThreadPoolExecutor(
            1,
            task -> {
                Thread thread = new Thread(task, "ticker");
                thread.setDaemon(true);
                return thread;
            },
            new ThreadPoolExecutor.DiscardPolicy());

    private final Sessions sessions;
    private final Echoes echoes;
    private final Rooms rooms;
    private final LoginDeadlines logins;
    private final HeaderTimes headers;
    private final Drain drain;

    @Inject
    public Ticker(
            Sessions sessions, Echoes echoes, Rooms rooms, LoginDeadlines logins, HeaderTimes headers, Drain drain) {
        this.sessions = sessions;
        this.echoes = echoes;
        this.rooms = rooms;
        this.logins = logins;
        this.headers = headers;
        this.drain = drain;
    }

    void start() {
        every(TICK_MS, this::tick);
        drain.onBegin(() -> every(DRAIN_MS, () -> guarded(drain::look)));
    }

    private void every(long ms, Runnable task) {
        // each is guarded: the future tells nothing
        var unused = scheduler.scheduleAtFixedRate(task, ms, ms, TimeUnit.MILLISECONDS);
    }

    private void tick() {
        guarded(sessions::tick);
        guarded(echoes::tick);
        guarded(rooms::tick);
        guarded(logins::tick);
        guarded(headers::tick);
    }

    /** An error does not end a timer either, which nobody would begin again: memory may be there by the next time. */
    static void guarded(Runnable tick) {
        try {
            tick.run();
        } catch (Throwable e) {
            say(e);
        }
    }

    private static void say(Throwable failure) {
        try {
            LOG.error("a tick failed", failure);
        } catch (Throwable unsaid) {
            failure.addSuppressed(unsaid); // there is no memory to say it either
        }
    }

    @PreDestroy
    void stop() {
        scheduler.shutdownNow();
    }
}
