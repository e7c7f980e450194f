package dev.hubbub.redis;

import dev.hubbub.cluster.Directory;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every node for what it has, on the channel of all nodes, and gathers their answers for a second at most. Nothing is
 * written for a connection. Questions are answered in a thread of their own, since looking through all connections would
 * hold up the messages that the channel's thread reads; of more than may wait there, the rest is not answered.
 */
@Singleton
public class RedisDirectory implements Directory {
    private static final Logger LOG = LoggerFactory.getLogger(RedisDirectory.class);
    /** How long answers are waited for, and Redis, in ms. */
    private static final long MOST_MS = 1_000;
    /** Questions that may be open, and notes that may wait to be read. */
    private static final int MOST = 1_000;

    private static final long IDLE_S = 10;
    private static final Script SAY = Script.of("say");

    private final RedisLink link;
    private final Calls calls;
    private final RedisNodes nodes;
    private final Map<String, Inquiry<?>> inquiries = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final ThreadPoolExecutor reader;
    private volatile @Nullable Local local;

    @Inject
    public RedisDirectory(RedisLink link, Calls calls, RedisNodes nodes) {
        this.link = link;
        this.calls = calls;
        this.nodes = nodes;
        reader = new ThreadPoolExecutor(1, 1, IDLE_S, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST), task -> {
            Thread thread = new Thread(task, "directory");
            thread.setDaemon(true);
            return thread;
        });
        reader.allowCoreThreadTimeOut(true);
        calls.hear('q', note -> later(Keyspace.CALLS, () -> asked(note)));
        calls.hear('a', this::answered); // at once, as what must not stand behind questions
        calls.hear('c', this::close);
    }

    private void later(String channel, Runnable task) {
        try {
            reader.execute(() -> {
                try {
                    task.run();
                } catch (Note.Garbage e) {
                    calls.garbage(channel, e);
                } catch (RuntimeException e) {
                    LOG.error("what another node asked failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("more is asked than can be answered");
        }
    }

    @Override
    public void tell(Local own) {
        local = own;
    }

    @Override
    public CompletionStage<Part<Connection>> connections(@Nullable UserId user, String after, int limit) {
        return ask(Listed.CONNECTIONS, limit, false, "connections", user == null ? "" : user.value(), after);
    }

    @Override
    public CompletionStage<Part<Connection>> connection(ConnectionId conn) {
        return ask(Listed.CONNECTIONS, 1, true, "connection", conn.value(), "");
    }

    @Override
    public CompletionStage<Part<Use>> rooms(String prefix, String after, int limit) {
        return ask(Listed.ROOMS, limit, false, "rooms", prefix, after);
    }

    @Override
    public CompletionStage<Part<Use>> room(RoomName room) {
        return ask(Listed.ROOMS, 1, false, "room", room.value(), "");
    }

    private <T> CompletionStage<Part<T>> ask(
            Listed<T> listed, int limit, boolean single, String what, String of, String after) {
        if (inquiries.size() >= MOST) {
            return CompletableFuture.failedFuture(Unavailable.away());
        }
        Inquiry<T> inquiry = new Inquiry<>(listed, limit, single);
        String number = Long.toString(numbers.incrementAndGet());
        Question question = new Question(number, calls.process(), what, of, after, limit);
        Local own = local;
        if (own != null) {
            inquiry.answered(calls.process(), RedisLink.bytes(question.answer(own)));
        }
        inquiries.put(number, inquiry);
        return link.orUnavailable(calls.listen()
                .thenCompose(heard -> nodes.living(Keyspace.CALLS, question.note()))
                .orTimeout(MOST_MS, TimeUnit.MILLISECONDS)
                .thenCompose(living -> {
                    if (own != null && !living.containsKey(calls.process())) {
                        // Redis has just lost who there is: the others are there, and maybe have not told again either
                        return CompletableFuture.failedFuture(Unavailable.away());
                    }
                    Map<String, String> names = new HashMap<>();
                    living.forEach((process, node) -> names.put(process, node.name()));
                    inquiry.asked(names);
                    return inquiry.done().completeOnTimeout(false, MOST_MS, TimeUnit.MILLISECONDS);
                })
                .whenComplete((done, failure) -> inquiries.remove(number))
                .thenApply(done -> inquiry.answer()));
    }

    private void asked(Note note) {
        Question question = Question.of(note);
        Local own = local;
        if (own != null && !question.process().equals(calls.process())) {
            String answer = "a " + question.number() + " " + calls.process() + "\n" + question.answer(own);
            var unused = link.run(SAY, List.of(Keyspace.answers(question.process())), "PUBLISH", answer)
                    .exceptionally(failure -> {
                        LOG.debug("an answer was not said", failure);
                        return List.of();
                    });
        }
    }

    /** One that comes too late finds nobody. */
    private void answered(Note note) {
        Inquiry<?> inquiry = inquiries.get(note.field(0));
        if (inquiry != null) {
            inquiry.answered(note.field(1), note.body());
        }
    }

    @Override
    public CompletionStage<?> close(ConnectionId conn, String reason) {
        Local own = local;
        return own != null && own.close(conn, reason)
                ? CompletableFuture.completedFuture(true)
                : link.orUnavailable(link.run(SAY, List.of(Keyspace.CALLS), "PUBLISH", "c " + conn + "\n" + reason));
    }

    private void close(Note note) {
        Local own = local;
        ConnectionId conn = new ConnectionId(note.field(0));
        if (own != null) {
            own.close(conn, new String(note.body(), StandardCharsets.UTF_8));
        }
    }

    @PreDestroy
    void stop() {
        reader.shutdownNow();
    }
}
