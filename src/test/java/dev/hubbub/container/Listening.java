package dev.hubbub.container;

import dev.hubbub.spi.LifecycleEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A team's own code, in the same WAR. */
@Singleton
public class Listening {
    private final List<LifecycleEvent> heard = new CopyOnWriteArrayList<>();
    private final List<String> threads = new CopyOnWriteArrayList<>();

    void fail(@Observes @Priority(1) LifecycleEvent event) {
        throw new IllegalStateException("a team's own mistake");
    }

    void hear(@Observes @Priority(2) LifecycleEvent event) {
        threads.add(Thread.currentThread().getName());
        heard.add(event);
    }

    List<LifecycleEvent> heard() {
        return heard;
    }

    List<String> threads() {
        return threads;
    }
}
