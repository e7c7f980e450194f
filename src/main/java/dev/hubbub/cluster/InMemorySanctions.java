package dev.hubbub.cluster;

import dev.hubbub.config.ConfigurationException;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sanctions of a single node. They end with the process, or are kept in a file where one is set: then a change is told to
 * be done once the disk has it, and holds from the moment on when it was asked for, whatever becomes of the disk.
 */
@Singleton
public class InMemorySanctions implements Sanctions {
    private static final Logger LOG = LoggerFactory.getLogger(InMemorySanctions.class);
    private static final String FILE = "hubbub.sanctions.file";
    private static final int MOST_WITH_BANS = MOST / 10 * 9;
    /** Changes that wait for the disk; more fail with {@link Unavailable}. */
    private static final int MOST_WAITING = 10_000;
    /** For the disk, when the node ends. */
    private static final long END_S = 5;

    private final SanctionList list;
    private final Clock clock;
    private final int bansPerRoom;
    /** Null where none is set. Its methods are the writer's alone. */
    private final @Nullable SanctionFile file;

    /** One thread, which there is only once something is kept. */
    private final ThreadPoolExecutor writer;

    @Inject
    public InMemorySanctions(Settings settings, Clock clock) {
        this.clock = clock;
        this.bansPerRoom = settings.limits.bansPerRoom();
        this.list = new SanctionList(clock, settings.access.jwt().longestLifeMs());
        String path = settings.access.sanctionsFile();
        this.file = path.isEmpty() ? null : open(path, list);
        this.writer =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), task -> {
                    Thread thread = new Thread(task, "sanctions");
                    thread.setDaemon(true);
                    return thread;
                });
    }

    private static SanctionFile open(String path, SanctionList list) {
        try {
            return SanctionFile.open(Path.of(path), list);
        } catch (IOException e) {
            throw new ConfigurationException(
                    FILE, path, "a file of sanctions that can be written, or be made (" + e.getMessage() + ")");
        }
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
    public void onRemove(Remover remover) {
        list.onRemove(remover);
    }

    @Override
    public CompletionStage<?> kick(RoomName room, UserId user) {
        list.remove(room, user);
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public CompletionStage<?> revoke(UserId user) {
        if (isFull(MOST)) {
            return CompletableFuture.failedFuture(Unavailable.tooManySanctions());
        }
        list.set(SanctionList.revocation(user), clock.millis());
        return kept(SanctionList.revocation(user));
    }

    @Override
    public CompletionStage<Boolean> ban(RoomName room, UserId user, long forMs) {
        boolean isNew = forMs > 0 && list.time(SanctionList.ban(room, user)) == 0;
        if (isNew && isFull(MOST_WITH_BANS)) {
            return CompletableFuture.failedFuture(Unavailable.tooManySanctions());
        }
        long until = forMs == 0 ? 0 : clock.millis() + forMs;
        return list.ban(room, user, until, bansPerRoom)
                ? kept(SanctionList.ban(room, user))
                : CompletableFuture.completedFuture(false);
    }

    private boolean isFull(int most) {
        if (list.size() >= most) {
            list.expire();
        }
        return list.size() >= most;
    }

    /** Completes with true once the disk has what holds of a name. */
    private CompletionStage<Boolean> kept(String name) {
        SanctionFile to = file;
        if (to == null) {
            return CompletableFuture.completedFuture(true);
        }
        try {
            return CompletableFuture.supplyAsync(() -> write(to, name), writer);
        } catch (RejectedExecutionException e) {
            to.missed();
            return CompletableFuture.failedFuture(Unavailable.unwritten());
        }
    }

    private static boolean write(SanctionFile to, String name) {
        try {
            to.keep(name);
            return true;
        } catch (IOException e) {
            throw Unavailable.unwritten(); // the file has said why
        }
    }

    /** What was asked for is written yet; then another process may have the file. */
    @PreDestroy
    void close() {
        writer.shutdown();
        try {
            if (file != null && writer.awaitTermination(END_S, TimeUnit.SECONDS)) {
                file.close();
            }
        } catch (IOException e) {
            LOG.debug("the file's lock ends with the process", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
