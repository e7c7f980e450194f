package dev.hubbub.redis;

import dev.hubbub.cluster.Nodes;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.cluster.Upkeep;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes, in one hash: each says every 3 s what it is, and is forgotten after 12 s of silence. That a node is to drain
 * is written there first and then said, so that one that did not hear it finds out when it says the next time what it is.
 */
@Singleton
public class RedisNodes implements Nodes, Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(RedisNodes.class);
    private static final long EVERY_MS = 3_000;
    private static final String DRAINING = "1";
    private static final Script TELL = Script.of("node-tell");
    private static final Script LIST = Script.of("node-list");
    private static final Script DRAIN = Script.of("node-drain");
    private static final Script SAY = Script.of("say");
    private static final Script END = Script.of("node-end");
    private static final List<String> KEYS = List.of(Keyspace.NODES);

    private final RedisLink link;
    private final Calls calls;
    /** What is told, in order: nothing may come behind the end. */
    private final Turns turns = new Turns();

    private volatile @Nullable Supplier<Node> self;
    private final AtomicBoolean draining = new AtomicBoolean();
    private volatile Runnable drainer = () -> {};
    private volatile Disconnector disconnector = (user, reason) -> {};

    @Inject
    public RedisNodes(RedisLink link, Calls calls) {
        this.link = link;
        this.calls = calls;
        calls.hear('d', this::disconnect);
        calls.hear('n', this::toDrain);
    }

    @Override
    public void tell(Supplier<Node> supplier) {
        self = supplier;
        say();
    }

    @Override
    public void begin() {
        link.every(EVERY_MS, this::say);
        link.onReturn(this::say);
    }

    @Override
    public CompletionStage<?> drain() {
        draining.set(true);
        return link.orUnavailable(told());
    }

    @Override
    public void onDrain(Runnable other) {
        drainer = other;
    }

    @Override
    public CompletionStage<Boolean> drain(String name) {
        return link.orUnavailable(link.run(DRAIN, KEYS, name, Keyspace.CALLS, "n " + name)
                .thenApply(reply -> Note.number(RedisLink.text(reply.get(0))) > 0));
    }

    private void toDrain(Note note) {
        Supplier<Node> known = self;
        if (known != null && known.get().name().equals(note.field(0))) {
            toDrain();
        }
    }

    private void toDrain() {
        if (draining.compareAndSet(false, true)) {
            drainer.run();
        }
    }

    /** Waits, for a second at most, until nobody lists this node any more. */
    @Override
    public void end() {
        self = null;
        try {
            Waiting.await(turns.then(() -> link.run(END, KEYS, calls.process())));
        } catch (Unavailable e) {
            LOG.info("the other nodes list this one for some seconds more: Redis did not hear that it ends");
        }
    }

    /** Whoever is listed hears what is said to all. */
    private void say() {
        if (link.isHere()) {
            var unused = calls.listen().thenCompose(heard -> told());
        }
    }

    private CompletableFuture<?> told() {
        return turns.then(() -> {
            Supplier<Node> known = self;
            if (known == null) {
                return CompletableFuture.completedFuture(List.of());
            }
            Node node = known.get();
            String text = node.name() + " " + node.connections() + " " + node.rooms() + " "
                    + (draining.get() || node.draining() ? DRAINING : "0");
            return link.run(TELL, KEYS, calls.process(), Lease.LIFE_MS, text).whenComplete((reply, failure) -> {
                if (failure == null && RedisLink.text(reply.get(0)).equals(DRAINING)) {
                    toDrain();
                }
            });
        });
    }

    @Override
    public CompletionStage<List<Node>> list() {
        return link.orUnavailable(living().thenApply(nodes ->
                nodes.values().stream().sorted(Comparator.comparing(Node::name)).toList()));
    }

    /**
     * All that live, by their process.
     *
     * @param said a channel, and what is said there to all of them; or nothing
     */
    CompletableFuture<Map<String, Node>> living(Object... said) {
        return link.run(LIST, KEYS, said).thenApply(reply -> {
            Map<String, Node> nodes = new HashMap<>();
            for (int i = 0; i + 1 < reply.size(); i += 2) {
                try {
                    nodes.put(RedisLink.text(reply.get(i)), parsed(RedisLink.text(reply.get(i + 1))));
                } catch (Note.Garbage e) {
                    calls.garbage(Keyspace.NODES, e);
                }
            }
            return nodes;
        });
    }

    private static Node parsed(String text) {
        Note note = Note.parse(RedisLink.bytes("n " + text));
        return new Node(
                note.field(0), note.number(1), note.number(2), note.field(3).equals(DRAINING));
    }

    @Override
    public void onDisconnect(Disconnector other) {
        disconnector = other;
    }

    @Override
    public CompletionStage<?> disconnect(UserId user, String reason) {
        return link.orUnavailable(link.run(SAY, List.of(Keyspace.CALLS), "PUBLISH", "d " + user + "\n" + reason));
    }

    private void disconnect(Note note) {
        String user = note.field(0);
        if (!UserId.isValid(user)) {
            throw new Note.Garbage("no user");
        }
        disconnector.disconnect(new UserId(user), new String(note.body(), StandardCharsets.UTF_8));
    }
}
