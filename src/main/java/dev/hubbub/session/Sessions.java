package dev.hubbub.session;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The sessions of this node, from the handshake to the end. Thread-safe. */
@Singleton
public class Sessions {
    /** Hears when a session has ended, once, whoever ended it. */
    public interface EndListener {
        /** @param atOnce the user meant it: no grace period */
        void ended(Session session, boolean atOnce);
    }

    /** Hears of a session before, and of its end after all others; must neither wait nor throw. */
    public interface Watcher {
        void opened(Session session);

        void ended(Session session);
    }

    /** Says whether what let somebody in is still good; must not wait. */
    public interface Check {
        /** Why not; null where it is. */
        @Nullable
        String objection(Identity who);
    }

    /** How long a peer has to take what is in flight and the reason of a close, in ms. */
    private static final long CLOSE_MS = 10_000;

    private final ConcurrentHashMap<ConnectionId, Session> sessions = new ConcurrentHashMap<>();
    private final List<EndListener> listeners = new CopyOnWriteArrayList<>();
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final SecureRandom random = new SecureRandom();
    private final DeliveryLoops loops;
    private final DeliveryStats stats;
    private final Settings settings;
    private final Clock clock;
    /** Those told to close whose connection is not gone yet, and when it is cut off, in ms. */
    private final ConcurrentHashMap<Session, Long> closing = new ConcurrentHashMap<>();

    private volatile Check check = who -> null;

    /** The ticking thread's own. */
    private long lastTick;

    @Inject
    public Sessions(Settings settings, DeliveryLoops loops, DeliveryStats stats, Clock clock) {
        this.settings = settings;
        this.loops = loops;
        this.stats = stats;
        this.clock = clock;
        this.lastTick = clock.millis();
    }

    public void listen(EndListener listener) {
        listeners.add(listener);
    }

    public void watch(Watcher watcher) {
        watchers.add(watcher);
    }

    /** Has all sessions be asked about once a second: those that something is said against are closed with 4003. */
    public void check(Check next) {
        check = next;
    }

    public Session open(Identity identity, FrameSink sink) {
        byte[] bits = new byte[9];
        random.nextBytes(bits);
        ConnectionId id = new ConnectionId(Base64.getUrlEncoder().encodeToString(bits));
        Session session = new Session(id, identity, sink, this, loops.assign(), clock.millis());
        watchers.forEach(w -> w.opened(session));
        sessions.put(id, session);
        return session;
    }

    public @Nullable Session find(ConnectionId id) {
        return sessions.get(id);
    }

    /** All that are open; weakly consistent. */
    public Collection<Session> all() {
        return sessions.values();
    }

    public int count() {
        return sessions.size();
    }

    /** Something came from its client. */
    public void heard(Session session) {
        session.heard(clock.millis());
    }

    /**
     * Its transport says that the connection is gone.
     *
     * @param code the close code, 1005 for none, 1006 where it broke
     */
    public void gone(Session session, int code) {
        closing.remove(session);
        if (session.end()) {
            stats.closed(code);
            ended(session, code == CloseCode.NORMAL.code() || code == 1005);
        }
    }

    /** The server ends it; false where it has ended. */
    boolean closing(Session session, CloseCode code) {
        // known before it ends: its transport, which may be gone just now, takes it off
        boolean first = closing.putIfAbsent(session, clock.millis() + CLOSE_MS) == null;
        if (!session.end()) {
            if (first) {
                closing.remove(session);
            }
            return false;
        }
        stats.closed(code.code());
        ended(session, code == CloseCode.FORBIDDEN || code == CloseCode.NORMAL);
        return true;
    }

    private void ended(Session session, boolean atOnce) {
        sessions.remove(session.id());
        listeners.forEach(l -> l.ended(session, atOnce));
        watchers.forEach(w -> w.ended(session));
    }

    DeliveryLoop loop(int index) {
        return loops.get(index);
    }

    /** Ends all sessions of a user on this node. */
    public void close(UserId user, CloseCode code, String reason) {
        all().stream().filter(s -> s.identity().user().equals(user)).forEach(s -> s.close(code, reason));
        kick();
    }

    /** Lets everything go out that was answered or made ready. The caller holds no lock. */
    public void kick() {
        loops.kick();
    }

    int mostAnswers() {
        return settings.limits.queuedReplies();
    }

    long now() {
        return clock.millis();
    }

    void count(Batch batch) {
        stats.batches.increment();
        stats.bytes.add(batch.size());
    }

    /** One ordered pass over all sessions: whether they may stay, pings, silence, write deadlines. */
    public void tick() {
        long now = clock.millis();
        long before = lastTick;
        lastTick = now;
        long every = settings.heartbeat.pingMs();
        for (Session session : sessions.values()) {
            String objection = check.objection(session.identity());
            if (objection != null) {
                session.close(CloseCode.FORBIDDEN, objection);
                continue;
            }
            long age = now - session.openedAt();
            boolean ping = age / every != Math.max(0, before - session.openedAt()) / every;
            session.tick(
                    now,
                    ping,
                    settings.heartbeat.silenceMs(),
                    settings.delivery.writeDeadlineMs(),
                    settings.access.expiryGraceMs());
        }
        kick();
        closing.forEach((session, deadline) -> {
            if (now > deadline) {
                session.abort();
            }
            if (now > deadline + CLOSE_MS) {
                closing.remove(session); // its transport does not tell, and nothing more can be done
            }
        });
    }

    /** How many have been told to close and have not gone yet. */
    public int closing() {
        return closing.size();
    }

    /** Cuts off those that were told to close and have not gone, and ends all others. */
    public void cut(CloseCode code, String reason) {
        closing.keySet().forEach(Session::abort);
        closeAll(code, reason);
    }

    /** Ends all of them, at once. */
    public void closeAll(CloseCode code, String reason) {
        for (Session session : sessions.values()) {
            session.cut(code, reason);
        }
    }
}
