package dev.hubbub.redis;

import dev.hubbub.cluster.Nodes;
import dev.hubbub.cluster.Upkeep;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.redisson.client.codec.ByteArrayCodec;

/** The nodes, in one hash: each says every 3 s what it is, and is forgotten after 12 s of silence. */
@Singleton
public class RedisNodes implements Nodes, Upkeep {
    private static final long EVERY_MS = 3_000;
    private static final Script TELL = Script.of("node-tell");
    private static final Script LIST = Script.of("node-list");
    private static final Script SAY = Script.of("say");
    private static final Script END = Script.of("node-end");
    private static final List<String> KEYS = List.of(Keyspace.NODES);

    private final RedisLink link;
    private final RoomChannels channels;
    private final String process = Ids.secret(9);
    private final AtomicBoolean listening = new AtomicBoolean();
    private volatile @Nullable Supplier<Node> self;
    private volatile Disconnector disconnector = (user, reason) -> {};

    @Inject
    public RedisNodes(RedisLink link, RoomChannels channels) {
        this.link = link;
        this.channels = channels;
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
    public void end() {
        self = null;
        var unused = link.run(END, KEYS, process);
    }

    private void say() {
        Supplier<Node> known = self;
        if (link.isHere()) {
            listen();
        }
        if (known != null && link.isHere()) {
            Node node = known.get();
            var unused = link.run(
                    TELL, KEYS, process, Lease.LIFE_MS, node.name() + " " + node.connections() + " " + node.rooms());
        }
    }

    @Override
    public CompletionStage<List<Node>> list() {
        return Failures.orUnavailable(link.run(LIST, KEYS).thenApply(this::parsed));
    }

    private List<Node> parsed(List<Object> reply) {
        List<Node> nodes = new ArrayList<>(reply.size());
        for (Object one : reply) {
            try {
                Note note = Note.parse(RedisLink.bytes("n " + RedisLink.text(one)));
                nodes.add(new Node(note.field(0), note.number(1), note.number(2)));
            } catch (Note.Garbage e) {
                channels.garbage(Keyspace.NODES, e);
            }
        }
        nodes.sort(Comparator.comparing(Node::name));
        return nodes;
    }

    @Override
    public void onDisconnect(Disconnector other) {
        disconnector = other;
    }

    @Override
    public CompletionStage<?> disconnect(UserId user, String reason) {
        return Failures.orUnavailable(link.run(SAY, List.of(Keyspace.CALLS), "PUBLISH", "d " + user + "\n" + reason));
    }

    /** Once, when Redis is there: the driver keeps the subscription from then on. */
    private void listen() {
        if (listening.compareAndSet(false, true)) {
            var unused = link.client()
                    .getTopic(Keyspace.CALLS, ByteArrayCodec.INSTANCE)
                    .addListenerAsync(byte[].class, (name, bytes) -> called(bytes))
                    .whenComplete((id, failure) -> listening.set(failure == null));
        }
    }

    private void called(byte[] bytes) {
        try {
            Note note = Note.parse(bytes);
            String user = note.field(0);
            if (note.kind() != 'd' || !UserId.isValid(user)) {
                throw new Note.Garbage("an unknown call");
            }
            disconnector.disconnect(new UserId(user), new String(note.body(), StandardCharsets.UTF_8));
        } catch (Note.Garbage e) {
            channels.garbage(Keyspace.CALLS, e);
        }
    }
}
