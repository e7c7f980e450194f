package dev.hubbub.redis;

import dev.hubbub.cluster.Unavailable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.redisson.client.codec.ByteArrayCodec;

/**
 * What nodes say to each other that is about no room: to all of them on one channel, to one process on its own. Each kind
 * of note has one who hears it, in the thread that read it. Thread-safe.
 */
@Singleton
public class Calls {
    /** That a node hears beside its rooms'. */
    static final int CHANNELS = 2;

    private final RedisLink link;
    private final RoomChannels channels;
    private final String process = Ids.secret(9);
    private final Map<Character, Consumer<Note>> ears = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<Integer>> subscriptions = new ConcurrentHashMap<>();

    @Inject
    public Calls(RedisLink link, RoomChannels channels) {
        this.link = link;
        this.channels = channels;
    }

    /** What this process is called among the nodes, until it ends. */
    String process() {
        return process;
    }

    /** @param ear throws {@link Note.Garbage} where the note is none of ours */
    void hear(char kind, Consumer<Note> ear) {
        ears.put(kind, ear);
    }

    /** Hears from when this completes; once it does, the driver keeps the subscriptions. */
    CompletableFuture<?> listen() {
        return link.isHere()
                ? CompletableFuture.allOf(listen(Keyspace.CALLS), listen(Keyspace.answers(process)))
                : CompletableFuture.failedFuture(Unavailable.away());
    }

    private CompletableFuture<Integer> listen(String channel) {
        return subscriptions.compute(
                channel, (name, before) -> before != null && !before.isCompletedExceptionally() ? before : begin(name));
    }

    private CompletableFuture<Integer> begin(String channel) {
        return link.client()
                .getTopic(channel, ByteArrayCodec.INSTANCE)
                .addListenerAsync(byte[].class, (name, bytes) -> heard(channel, bytes))
                .toCompletableFuture();
    }

    private void heard(String channel, byte[] bytes) {
        try {
            Note note = Note.parse(bytes);
            Consumer<Note> ear = ears.get(note.kind());
            if (ear == null) {
                throw new Note.Garbage("an unknown call");
            }
            ear.accept(note);
        } catch (Note.Garbage e) {
            garbage(channel, e);
        }
    }

    /** Something on a channel, or of what the nodes say, was none of ours. */
    void garbage(String where, Note.Garbage what) {
        channels.garbage(where, what);
    }
}
