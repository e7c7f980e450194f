package dev.hubbub.cluster;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The bus of a single node: orders under a lock per room, and delivers in the publisher's own thread. It keeps no
 * history; the room's log is all there is.
 */
@Singleton
public class InMemoryRoomBus implements RoomBus {
    private static final Refusal NOBODY_HEARS = Refusal.of(ErrorCode.UNAVAILABLE, "the room is just being closed");
    private static final Refusal OTHER_PAYLOAD =
            Refusal.of(ErrorCode.FAILED_PRECONDITION, "the key was used before with another payload");

    private record KeyOf(RoomName room, String user, String key) {}

    private record Kept(PublishOutcome.Accepted first, long fingerprint) {}

    private static final class Topic {
        private final Listener listener;
        private final String epoch;
        /** Guarded by the topic. */
        private long seq;

        Topic(Listener listener, String epoch) {
            this.listener = listener;
            this.epoch = epoch;
        }

        synchronized Place head() {
            return new Place(epoch, seq);
        }
    }

    private final ConcurrentHashMap<RoomName, Topic> topics = new ConcurrentHashMap<>();
    private final Cache<KeyOf, Kept> keys;
    private final SecureRandom random = new SecureRandom();
    private final Clock clock;

    @Inject
    public InMemoryRoomBus(Settings settings, Clock clock) {
        this.clock = clock;
        this.keys = Caffeine.newBuilder()
                .maximumSize(settings.log.maxKeys())
                .expireAfterWrite(Duration.ofMillis(settings.log.keyTtlMs()))
                .ticker(() -> clock.millis() * 1_000_000)
                .build();
    }

    private String newEpoch() {
        byte[] bits = new byte[6];
        random.nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    @Override
    public CompletionStage<Place> attach(RoomName room, Listener listener) {
        Topic topic = topics.computeIfAbsent(room, r -> begin(listener));
        return CompletableFuture.completedFuture(topic.head());
    }

    private Topic begin(Listener listener) {
        Topic topic = new Topic(listener, newEpoch());
        listener.onBegin(topic.head(), Long.MAX_VALUE);
        return topic;
    }

    @Override
    public void detach(RoomName room) {
        topics.remove(room);
    }

    @Override
    public CompletionStage<?> refresh(RoomName room) {
        return CompletableFuture.completedFuture(true);
    }

    @Override
    public boolean keepsHistory() {
        return false;
    }

    @Override
    public CompletionStage<List<Message>> read(RoomName room, Place from, long before) {
        return CompletableFuture.completedFuture(List.of());
    }

    @Override
    public CompletionStage<PublishOutcome> publish(RoomName room, Publication publication) {
        Topic topic = topics.get(room);
        if (topic == null) {
            return CompletableFuture.completedFuture(new PublishOutcome.Refused(NOBODY_HEARS));
        }
        return CompletableFuture.completedFuture(order(room, topic, publication));
    }

    private PublishOutcome order(RoomName room, Topic topic, Publication publication) {
        KeyOf key = publication.key() == null
                ? null
                : new KeyOf(room, publication.from().user().value(), publication.key());
        synchronized (topic) {
            Kept kept = key == null ? null : keys.getIfPresent(key);
            if (kept != null) {
                return repeat(kept, publication);
            }
            boolean ephemeral = publication.body().ephemeral();
            Place place = new Place(topic.epoch, ephemeral ? 0 : ++topic.seq);
            PublishOutcome.Accepted accepted = new PublishOutcome.Accepted(place, clock.millis(), false);
            topic.listener.onMessage(new Message(
                    place,
                    accepted.ts(),
                    publication.body(),
                    publication.from(),
                    publication.echo() ? null : publication.from().conn()));
            remember(key, accepted, publication);
            return accepted;
        }
    }

    private void remember(@Nullable KeyOf key, PublishOutcome.Accepted accepted, Publication publication) {
        if (key != null) {
            keys.put(key, new Kept(accepted, publication.body().payload().fingerprint()));
        }
    }

    private static PublishOutcome repeat(Kept kept, Publication publication) {
        if (kept.fingerprint != publication.body().payload().fingerprint()) {
            return new PublishOutcome.Refused(OTHER_PAYLOAD);
        }
        return new PublishOutcome.Accepted(kept.first.place(), kept.first.ts(), true);
    }
}
