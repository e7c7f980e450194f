package dev.hubbub.cluster;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** When the users of a single node were last connected: of the latest 100,000 of them. It ends with the process. */
@Singleton
public class InMemoryLastSeen implements LastSeen {
    private static final int MOST = 100_000;

    private final long lifeMs;
    private final Clock clock;
    /** The longest gone first. Guarded by itself. */
    private final LinkedHashMap<UserId, Long> users = new LinkedHashMap<>();

    @Inject
    public InMemoryLastSeen(Settings settings, Clock clock) {
        this.lifeMs = settings.presence.lastSeenMs();
        this.clock = clock;
    }

    @Override
    public void gone(UserId user) {
        long now = clock.millis();
        synchronized (users) {
            users.remove(user); // so that it stands last
            users.put(user, now);
            Iterator<Long> oldest = users.values().iterator();
            while (oldest.hasNext() && (now - oldest.next() >= lifeMs || users.size() > MOST)) {
                oldest.remove();
            }
        }
    }

    @Override
    public CompletionStage<OptionalLong> find(UserId user) {
        @Nullable Long at;
        synchronized (users) {
            at = users.get(user);
        }
        return CompletableFuture.completedFuture(
                at == null || clock.millis() - at >= lifeMs ? OptionalLong.empty() : OptionalLong.of(at));
    }
}
