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
    private static final int MOST_WITH_BANS = MOST / 10 * 9;

    private final SanctionList list;
    private final Clock clock;
    private final int bansPerRoom;

    @Inject
    public InMemorySanctions(Settings settings, Clock clock) {
        this.clock = clock;
        this.bansPerRoom = settings.limits.bansPerRoom();
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
        if (isFull(MOST)) {
            return CompletableFuture.failedFuture(Unavailable.overfull());
        }
        list.set(SanctionList.revocation(user), clock.millis());
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<Boolean> ban(RoomName room, UserId user, long forMs) {
        if (forMs > 0 && isFull(MOST_WITH_BANS)) {
            return CompletableFuture.failedFuture(Unavailable.overfull());
        }
        return CompletableFuture.completedFuture(
                list.ban(room, user, forMs == 0 ? 0 : clock.millis() + forMs, bansPerRoom));
    }

    private boolean isFull(int most) {
        if (list.size() >= most) {
            list.expire();
        }
        return list.size() >= most;
    }
}
