package dev.hubbub.ops;

import dev.hubbub.access.LoginDeadlines;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.Sessions;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread that once a second lets sessions, rooms, logins and headers do what is due: one ordered pass, no timer for each. */
@Singleton
public class Ticker {
    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ticker");
        thread.setDaemon(true);
        return thread;
    });
    private final Sessions sessions;
    private final Rooms rooms;
    private final LoginDeadlines logins;
    private final HeaderTimes headers;

    @Inject
    public Ticker(Sessions sessions, Rooms rooms, LoginDeadlines logins, HeaderTimes headers) {
        this.sessions = sessions;
        this.rooms = rooms;
        this.logins = logins;
        this.headers = headers;
    }

    void start() {
        // each is guarded: the future tells nothing
        var unused = scheduler.scheduleAtFixedRate(this::tick, 1, 1, TimeUnit.SECONDS);
    }

    private void tick() {
        guarded(sessions::tick);
        guarded(rooms::tick);
        guarded(logins::tick);
        guarded(headers::tick);
    }

    private static void guarded(Runnable tick) {
        try {
            tick.run();
        } catch (RuntimeException e) {
            LOG.error("a tick failed", e);
        }
    }

    @PreDestroy
    void stop() {
        scheduler.shutdownNow();
    }
}
