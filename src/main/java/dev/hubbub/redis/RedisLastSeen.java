package dev.hubbub.redis;

import dev.hubbub.cluster.LastSeen;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.cluster.Upkeep;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When users were last connected, in a few sorted sets. One round is written at a time: those who go meanwhile are in the
 * next, so that a node whose connections all end at once writes few. Nothing blocks but the end.
 */
@Singleton
public class RedisLastSeen implements LastSeen, Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLastSeen.class);
    /** So many may wait for Redis; of those who go then nothing is known. */
    private static final int MOST = 100_000;
    /** Users in one round. */
    private static final int STEP = 4_000;

    private static final Script SEEN = Script.of("seen");
    private static final Script FIND = Script.of("seen-find");

    private final RedisLink link;
    private final RoomChannels channels;
    private final Clock clock;
    private final long lifeMs;
    /** Who is still to be written, and when they went by this node's clock, of which Redis is told only how long ago it was. */
    private final ConcurrentHashMap<UserId, Long> waiting = new ConcurrentHashMap<>();

    private final Rounds rounds = new Rounds(this::write);

    @Inject
    public RedisLastSeen(RedisLink link, RoomChannels channels, Settings settings, Clock clock) {
        this.link = link;
        this.channels = channels;
        this.clock = clock;
        lifeMs = settings.presence.lastSeenMs();
        link.onReturn(this::flush);
    }

    @Override
    public void gone(UserId user) {
        if (lifeMs > 0 && waiting.size() < MOST) {
            waiting.put(user, clock.millis());
            flush();
        }
    }

    private void flush() {
        if (link.isHere() && !waiting.isEmpty()) {
            var unused = rounds.ask().exceptionally(failure -> {
                LOG.debug("when users were last seen was not written; the next time it is", failure);
                return null;
            });
        }
    }

    private CompletableFuture<Boolean> write() {
        Map<String, Map<UserId, Long>> keys = new HashMap<>();
        waiting.entrySet().stream()
                .limit(STEP)
                .forEach(one -> keys.computeIfAbsent(Keyspace.seen(one.getKey()), key -> new HashMap<>())
                        .put(one.getKey(), one.getValue()));
        return CompletableFuture.allOf(keys.entrySet().stream()
                        .map(some -> write(some.getKey(), some.getValue()))
                        .toArray(CompletableFuture[]::new))
                .thenApply(done -> !waiting.isEmpty());
    }

    private CompletableFuture<?> write(String key, Map<UserId, Long> users) {
        long now = clock.millis();
        List<Object> args = new ArrayList<>(List.of(lifeMs));
        users.forEach((user, at) -> {
            args.add(user);
            args.add(Math.max(0, now - at));
        });
        return link.run(SEEN, List.of(key), args.toArray()).thenRun(() -> users.forEach(waiting::remove));
    }

    @Override
    public CompletionStage<OptionalLong> find(UserId user) {
        @Nullable Long own = waiting.get(user);
        if (own != null) {
            return CompletableFuture.completedFuture(OptionalLong.of(own));
        }
        String key = Keyspace.seen(user);
        return link.orUnavailable(link.run(FIND, List.of(key), user, lifeMs).thenApply(reply -> parsed(key, reply)));
    }

    private OptionalLong parsed(String key, List<Object> reply) {
        try {
            return reply.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Note.number(RedisLink.text(reply.get(0))));
        } catch (Note.Garbage e) {
            channels.garbage(key, e);
            return OptionalLong.empty();
        }
    }

    /** Waits, for a second at most, until all is written. */
    @Override
    public void end() {
        if (!waiting.isEmpty() && link.isHere()) {
            try {
                Waiting.await(rounds.ask());
            } catch (Unavailable e) {
                LOG.info("of {} users it was not written when they were last seen", waiting.size());
            }
        }
    }
}
