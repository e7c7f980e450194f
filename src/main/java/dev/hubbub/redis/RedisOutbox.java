package dev.hubbub.redis;

import dev.hubbub.cluster.Outbox;
import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all nodes have to send, in one bounded stream, from which the node sends that has said so last. What a node adds
 * waits in its memory for its turn, and while Redis is away. Thread-safe; nothing blocks.
 */
@Singleton
public class RedisOutbox implements Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(RedisOutbox.class);
    /** Items in one request. */
    private static final int STEP = 200;

    private static final Script ADD = Script.of("outbox-add");
    private static final Script NEXT = Script.of("outbox-next");
    private static final Script REMOVE = Script.of("outbox-remove");
    private static final Script LEAVE = Script.of("outbox-leave");
    private static final List<String> KEYS = List.of(Keyspace.OUTBOX, Keyspace.OUTBOX_COUNTS);
    private static final List<String> SENDING =
            List.of(Keyspace.OUTBOX, Keyspace.OUTBOX_COUNTS, Keyspace.OUTBOX_SENDER);
    private static final String LOST = "-1";

    private final RedisLink link;
    private final int most;
    private final String name = Ids.secret(9);
    private final Rounds rounds = new Rounds(this::write);
    /** What is lost to this node's knowledge. */
    private final LongAdder lost = new LongAdder();
    /** Guarded by itself: what is not in Redis yet, or may not be. */
    private final ArrayDeque<String> waiting = new ArrayDeque<>();
    /** Guarded by that: how many found no place there, of which Redis has not been told. */
    private long untold;

    @Inject
    public RedisOutbox(RedisLink link, Settings settings) {
        this.link = link;
        this.most = settings.webhook.queue();
        link.onReturn(this::flush);
    }

    @Override
    public void add(String text) {
        boolean first;
        synchronized (waiting) {
            if (waiting.size() >= most) {
                untold++;
                lost.increment();
                return;
            }
            first = waiting.isEmpty();
            waiting.add(text);
        }
        if (first) {
            flush();
        }
    }

    private void flush() {
        if (link.isHere()) {
            var unused = rounds.ask().exceptionally(failure -> {
                LOG.debug("what is to be sent was not put in; it is with the next", failure);
                return null;
            });
        }
    }

    private CompletableFuture<Boolean> write() {
        List<Object> args = new ArrayList<>();
        long losses;
        synchronized (waiting) {
            losses = untold;
            args.add(most);
            args.add(losses);
            waiting.stream().limit(STEP).forEach(args::add);
        }
        int items = args.size() - 2;
        if (items == 0) {
            return CompletableFuture.completedFuture(false);
        }
        return link.run(ADD, KEYS, args.toArray()).thenApply(reply -> {
            lost.add(Long.parseLong(RedisLink.text(reply.get(0))));
            synchronized (waiting) {
                untold -= losses;
                for (int i = 0; i < items; i++) {
                    waiting.remove();
                }
                return !waiting.isEmpty();
            }
        });
    }

    @Override
    public CompletionStage<Batch> next(int count, long holdMs) {
        synchronized (waiting) {
            if (!waiting.isEmpty()) {
                flush(); // what failed is not left until there is more
            }
        }
        return link.orUnavailable(link.run(NEXT, SENDING, name, count, holdMs).thenApply(RedisOutbox::batch));
    }

    private static Batch batch(List<Object> reply) {
        if (reply.isEmpty()) {
            return Batch.NONE;
        }
        long mark = Long.parseLong(RedisLink.text(reply.get(0)));
        List<Item> items = new ArrayList<>();
        for (int i = 2; i + 1 < reply.size(); i += 2) {
            String id = RedisLink.text(reply.get(i));
            long at = Long.parseLong(id.substring(0, id.indexOf('-'))); // as Redis makes them: ms, then a number
            items.add(new Item(id, at, RedisLink.text(reply.get(i + 1))));
        }
        return new Batch(items, mark - Long.parseLong(RedisLink.text(reply.get(1))), mark);
    }

    @Override
    public CompletionStage<?> remove(Batch batch) {
        return taken(batch, Long.toString(batch.mark()));
    }

    @Override
    public CompletionStage<?> giveUp(Batch batch) {
        return taken(batch, LOST);
    }

    private CompletionStage<?> taken(Batch batch, String told) {
        List<Object> args = new ArrayList<>(List.of(told));
        batch.items().forEach(item -> args.add(item.place()));
        return link.orUnavailable(link.run(REMOVE, KEYS, args.toArray())
                .thenAccept(reply -> lost.add(Long.parseLong(RedisLink.text(reply.get(0))))));
    }

    @Override
    public long lost() {
        return lost.sum();
    }

    @Override
    public CompletionStage<?> handOver() {
        return rounds.ask().thenCompose(done -> link.run(LEAVE, List.of(Keyspace.OUTBOX_SENDER), name));
    }

    /** What is not in Redis yet. */
    int waiting() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
