package dev.hubbub.cluster;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sanctions of a single node; they end with the process. */
@Singleton
public class InMemorySanctions implements Sanctions {
    private final SanctionList list;
    private final Clock clock;

    @Inject
    public InMemorySanctions(Settings settings, Clock clock) {
        this.clock = clock;
        this.list = new SanctionList(clock, settings.access.jwt().longestLifeMs());
    }

    @Override
    public boolean isRevoked(UserId user, long issuedAt) {
        return list.isRevoked(user, issuedAt);
    }

    @Override
    public boolean isBanned(RoomName room, UserId user) {
        return list.isBanned(room, user);
    }

    @Override
    public void onBan(BanListener listener) {
        list.onBan(listener);
    }

    @Override
    public CompletionStage<?> revoke(UserId user) {
        return set(SanctionList.revocation(user), clock.millis());
    }

    @Override
    public CompletionStage<?> ban(RoomName room, UserId user, long forMs) {
        return set(SanctionList.ban(room, user), forMs == 0 ? 0 : clock.millis() + forMs);
    }

    private CompletionStage<?> set(String name, long time) {
        if (time > 0 && list.size() >= MOST) {
            list.expire();
        }
        if (time > 0 && list.size() >= MOST) {
            return CompletableFuture.failedFuture(Unavailable.overfull());
        }
        list.set(name, time);
        return CompletableFuture.completedFuture(true);
    }
}
