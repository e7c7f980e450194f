package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.StoredMessage;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Publishes batches of one room's messages with one script each, in one round trip. Thread-safe; never blocks. */
@Singleton
public class Publisher {
    private static final Script PUBLISH = Script.of("publish");
    /** How late a batch may come to Redis, in ms: longer than the driver tries, shorter than its outcome is kept there. */
    private static final long MOST_LATE_MS = 30_000;

    private static final Refusal OTHER_PAYLOAD =
            Refusal.of(ErrorCode.FAILED_PRECONDITION, "this key was used with another payload");
    private static final Refusal UNKNOWN = Refusal.of(
            ErrorCode.DEADLINE_EXCEEDED, "whether it was published is unknown: publish it again with its key");

    private static final PublishOutcome LOST = new PublishOutcome.Refused(UNKNOWN);

    private final RedisLink link;
    private final ClusterHealth health;
    private final Settings settings;
    private final ConcurrentHashMap<RoomName, PublishQueue> queues = new ConcurrentHashMap<>();
    private final AtomicLong batches = new AtomicLong();
    /** Whose batches they are: this process'. */
    private final String sender = Ids.secret(6);

    @Inject
    public Publisher(RedisLink link, ClusterHealth health, Settings settings) {
        this.link = link;
        this.health = health;
        this.settings = settings;
    }

    CompletionStage<PublishOutcome> publish(RoomName room, Publication publication) {
        String head = Keyspace.head(room);
        if (!link.isHere(head)) {
            return CompletableFuture.completedFuture(
                    new PublishOutcome.Refused(Unavailable.away().refusal()));
        }
        // each master has its share: one that hangs must not take the places of the others
        Masters masters = link.masters();
        Master master = masters.of(head);
        if (!master.queue(Math.max(1, settings.redis.queuedPublishes() / masters.count()))) {
            health.overfull.increment();
            return CompletableFuture.completedFuture(
                    new PublishOutcome.Refused(Unavailable.overfull().refusal()));
        }
        PublishQueue.Queued own = new PublishQueue.Queued(publication, master, new CompletableFuture<>());
        PublishQueue queue = queues.computeIfAbsent(room, r -> new PublishQueue());
        while (!queue.add(own)) {
            queue = queues.computeIfAbsent(room, r -> new PublishQueue());
        }
        send(room, queue);
        return own.outcome();
    }

    private void send(RoomName room, PublishQueue queue) {
        List<PublishQueue.Queued> batch = queue.take();
        if (batch.isEmpty()) {
            queues.computeIfPresent(room, (name, own) -> own == queue && own.endIfIdle() ? null : own);
            return;
        }
        // also where it fails before it is sent, or by an answer that is none: others wait behind it
        var unused = CompletableFuture.completedFuture(batch)
                .thenCompose(some -> run(room, some))
                .thenApply(reply -> outcomes(batch, reply))
                .whenComplete((outcomes, failure) -> {
                    batch.forEach(one -> one.master().published());
                    try {
                        tell(batch, outcomes, failure);
                    } finally {
                        batch.forEach(one -> one.outcome().complete(LOST)); // who was not told, for want of memory
                        queue.done(); // only now, so that those of one caller are told in order
                        send(room, queue);
                    }
                });
    }

    private void tell(List<PublishQueue.Queued> batch, List<PublishOutcome> outcomes, @Nullable Throwable failure) {
        PublishOutcome refused = failure == null ? LOST : new PublishOutcome.Refused(refusal(failure));
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).outcome().complete(failure == null ? outcomes.get(i) : refused);
        }
    }

    private CompletableFuture<List<Object>> run(RoomName room, List<PublishQueue.Queued> batch) {
        NamespacePolicy policy = settings.namespacePolicy(room.namespace());
        List<String> keys = new ArrayList<>(3 + batch.size());
        keys.add(Keyspace.head(room));
        keys.add(Keyspace.log(room));
        keys.add(Keyspace.batch(room, sender));
        List<Object> args = new ArrayList<>(10 + 5 * batch.size());
        args.add(Ids.epoch());
        args.add(batches.incrementAndGet());
        args.add(link.publishCommand());
        args.add(Keyspace.channel(room));
        args.add(Math.max(RedisRoomBus.LIVE, policy.historySize()));
        args.add(policy.historyBytes());
        args.add(policy.historyAgeMs());
        args.add(RedisRoomBus.lifeMs(policy));
        args.add(settings.log.keyTtlMs());
        args.add(link.masters().of(Keyspace.head(room)).clock().in(MOST_LATE_MS));
        for (PublishQueue.Queued one : batch) {
            Publication publication = one.publication();
            String key = publication.key();
            int index = 0;
            if (key != null) {
                keys.add(Keyspace.idempotency(room, publication.from().user().value(), key));
                index = keys.size() - 3;
            }
            args.add(new StoredMessage(
                            publication.body(),
                            publication.from(),
                            publication.echo() ? null : publication.from().conn())
                    .bytes());
            args.add(Ids.message());
            args.add(index);
            args.add(Long.toHexString(publication.body().payload().fingerprint()));
            args.add(publication.body().ephemeral() ? 1 : 0);
        }
        return link.run(PUBLISH, keys, args.toArray());
    }

    private static List<PublishOutcome> outcomes(List<PublishQueue.Queued> batch, List<Object> reply) {
        if (reply.size() != batch.size() + 2) {
            throw new Note.Garbage("an answer to other messages");
        }
        String epoch = RedisLink.text(reply.get(0));
        long ts = Note.number(RedisLink.text(reply.get(1)));
        List<PublishOutcome> outcomes = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            outcomes.add(outcome(epoch, ts, RedisLink.text(reply.get(i + 2))));
        }
        return outcomes;
    }

    /** What cannot be read is the answer of a key that is not Hubbub's: nobody knows. */
    private static PublishOutcome outcome(String epoch, long ts, String told) {
        try {
            return read(epoch, ts, told);
        } catch (Note.Garbage e) {
            return LOST;
        }
    }

    private static PublishOutcome read(String epoch, long ts, String told) {
        List<String> parts = List.of(told.split(":", -1));
        return switch (parts.get(0)) {
            case "a" -> new PublishOutcome.Accepted(new Place(epoch, Note.number(parts.get(1))), ts, false);
            case "r" ->
                new PublishOutcome.Accepted(
                        new Place(epoch, Note.number(parts.get(1))), Note.number(parts.get(2)), true);
            default -> new PublishOutcome.Refused(OTHER_PAYLOAD);
        };
    }

    /** What Redis has refused was not done; of what it did not answer, or what came late and maybe not for the first time, nobody knows. */
    private Refusal refusal(Throwable failure) {
        Throwable cause = Failures.cause(failure);
        if (cause instanceof Unavailable unavailable) {
            return unavailable.refusal();
        }
        link.complain("a publish", cause);
        return Failures.isRefusal(cause) ? Unavailable.away().refusal() : UNKNOWN;
    }
}
