package dev.hubbub.websocket;

import dev.hubbub.config.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Ends connections that promised {@code auth.login} and do not send it in time. */
@Singleton
public class LoginDeadlines {
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "login-deadlines");
        thread.setDaemon(true);
        return thread;
    });
    private final long withinMs;

    @Inject
    public LoginDeadlines(Settings settings) {
        withinMs = settings.access.loginWithinMs();
    }

    ScheduledFuture<?> start(Runnable late) {
        return scheduler.schedule(late, withinMs, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void stop() {
        scheduler.shutdownNow();
    }
}
