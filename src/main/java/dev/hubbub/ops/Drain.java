package dev.hubbub.ops;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Nodes;
import dev.hubbub.config.Settings;
import dev.hubbub.config.Shutdown;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.SessionFrames;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends this node's clients elsewhere: each is told {@code reconnect} with a time of its own within the window, and closed
 * with 1012 when that is over, so that it is away for no longer than it takes to connect. Whoever asks for it, an operator
 * or the process's end, it happens once. Thread-safe; {@link #look} does the work, a part at each call.
 */
@Singleton
public final class Drain {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
    /** For what somebody is told to go out before the close, in ms. */
    private static final long TELL_MS = 50;

    private static final String REASON = "the server restarts";

    private final Sessions sessions;
    private final Nodes nodes;
    private final ClusterHealth health;
    private final Shutdown settings;
    private final Clock clock;

    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile Runnable onBegin = () -> {};
    /** When the window ends, in ms; written before health says that the node ends. */
    private volatile long until;
    /** When who is left is cut off, in ms. */
    private volatile long cutAt = Long.MAX_VALUE;

    private volatile boolean cut;

    /** One looks at a time, without another waiting for it. */
    private final AtomicBoolean looking = new AtomicBoolean();
    /** Who was told, and when each is closed, in ms; of whoever looks. */
    private final Map<Session, Long> told = new HashMap<>();
    /** Whether it was said that all are gone; of whoever looks. */
    private boolean said;

    @Inject
    public Drain(Sessions sessions, Nodes nodes, ClusterHealth health, Settings settings, Clock clock) {
        this.sessions = sessions;
        this.nodes = nodes;
        this.health = health;
        this.settings = settings.shutdown;
        this.clock = clock;
    }

    /** Who is told, once, that it has begun: {@link #look} is to be called from then on. */
    void onBegin(Runnable listener) {
        onBegin = listener;
    }

    /** From now on this node takes nobody, until it is started anew. Completes when the other nodes can see that. */
    CompletionStage<?> begin() {
        if (begun.compareAndSet(false, true)) {
            until = clock.millis() + settings.windowMs();
            health.end();
            LOG.info(
                    "draining within {}; clients to be sent elsewhere: {}",
                    Duration.ofMillis(settings.windowMs()),
                    sessions.count());
            onBegin.run();
        }
        return nodes.drain();
    }

    /** As {@link #begin}, and there is a deadline from now on, since the process ends. */
    CompletionStage<?> end() {
        cutAt = clock.millis() + settings.deadlineMs();
        return begin();
    }

    /** Whether nobody is left, or is to be waited for. */
    boolean isOver() {
        return health.isEnding() && (cut || isEmpty());
    }

    private boolean isEmpty() {
        return sessions.count() == 0 && sessions.closing() == 0;
    }

    /** Closes those whose time is over, and tells those who were not told; to be called some times in a second. */
    void look() {
        if (health.isEnding() && looking.compareAndSet(false, true)) {
            try {
                pass(clock.millis());
            } finally {
                looking.set(false);
            }
        }
    }

    private void pass(long now) {
        if (now >= cutAt && !cut && !isEmpty()) {
            LOG.info("clients cut off, since they were not gone in time: {}", sessions.count() + sessions.closing());
            sessions.cut(CloseCode.RESTART, REASON);
            cut = true;
        }
        told.keySet().removeIf(Session::isClosed);
        List<Session> fresh = sessions.all().stream()
                .filter(s -> !told.containsKey(s) && !s.isClosed())
                .toList();
        // before others are told: between the two of one session there is a look at least, for it to go out
        told.forEach((session, at) -> {
            if (at <= now) {
                session.close(CloseCode.RESTART, REASON);
            }
        });
        tell(fresh, now);
        sessions.kick();
        if (!said && isEmpty()) {
            said = true;
            LOG.info("drained: the last client is gone");
        }
    }

    /** As evenly as can be: each has a part of what is left of the window, and a time in it by chance. */
    private void tell(List<Session> fresh, long now) {
        double part = (double) Math.max(0, until - now) / Math.max(1, fresh.size());
        int before = 0;
        for (Session session : fresh) {
            long after = (long) ((before++ + ThreadLocalRandom.current().nextDouble()) * part);
            told.put(session, now + Math.max(after, TELL_MS));
            session.answer(SessionFrames.reconnect(after, now));
        }
    }
}
