package dev.hubbub.hook;

import dev.hubbub.cluster.Occupancy;
import dev.hubbub.cluster.Outbox;
import dev.hubbub.cluster.Upkeep;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.room.MembershipListener;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.NodeName;
import dev.hubbub.session.Session;
import dev.hubbub.session.Sessions;
import dev.hubbub.spi.LifecycleEvent;
import dev.hubbub.spi.LifecycleEvent.Kind;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes events of what happens, for whoever wants to hear them; where nobody does, it listens to nothing. It is told in
 * the threads of those to whom it happens, and keeps none of them. Thread-safe.
 */
@Singleton
public class Lifecycle implements Upkeep, Sessions.Watcher, MembershipListener {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
    /** How long the end of the process waits for each of those who are told. */
    private static final long END_MS = 1_000;

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final BeanManager beans;
    private final Sessions sessions;
    private final Rooms rooms;
    private final Occupancy occupancy;
    private final Outbox outbox;
    private final Sender sender;
    private final HookStats stats;
    private final Settings settings;
    private final NodeName node;
    private final Clock clock;
    private final AtomicLong ids = new AtomicLong();
    private final String prefix;
    /** Connections of this node in each room. */
    private final ConcurrentHashMap<RoomName, Integer> connections = new ConcurrentHashMap<>();
    /** What the webhook is told; nothing where there is none. Set once, before anything happens. */
    private volatile Set<Kind> sent = Set.of();
    /** Null where there is none. */
    private volatile @Nullable Observers observers;

    private volatile boolean countsRooms;

    @Inject
    public Lifecycle(
            BeanManager beans,
            Sessions sessions,
            Rooms rooms,
            Occupancy occupancy,
            Outbox outbox,
            Sender sender,
            HookStats stats,
            Settings settings,
            NodeName node,
            Clock clock) {
        this.beans = beans;
        this.sessions = sessions;
        this.rooms = rooms;
        this.occupancy = occupancy;
        this.outbox = outbox;
        this.sender = sender;
        this.stats = stats;
        this.settings = settings;
        this.node = node;
        this.clock = clock;
        byte[] bits = new byte[9];
        new SecureRandom().nextBytes(bits);
        prefix = Base64.getUrlEncoder().encodeToString(bits) + "-";
    }

    @Override
    public void begin() {
        LifecycleEvent sample = new LifecycleEvent("", Kind.CONNECT, "", "", "", "", 0);
        List<Consumer<LifecycleEvent>> own = beans.resolveObserverMethods(sample).stream()
                .filter(method -> !method.isAsync())
                .<Consumer<LifecycleEvent>>map(method -> method::notify)
                .toList();
        begin(own);
    }

    /** @param own a team's own code */
    void begin(List<Consumer<LifecycleEvent>> own) {
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (Kind kind : Kind.values()) {
            if (settings.webhook.isUsed() && settings.webhook.events().contains(EventText.word(kind))) {
                kinds.add(kind);
            }
        }
        sent = kinds;
        if (own.isEmpty() && kinds.isEmpty()) {
            return;
        }
        if (!own.isEmpty()) {
            Observers told = new Observers(own, settings.webhook.observed(), stats.unheard, clock);
            told.start();
            observers = told;
        }
        countsRooms = !own.isEmpty() || kinds.contains(Kind.OCCUPIED) || kinds.contains(Kind.VACATED);
        sessions.watch(this);
        occupancy.listen((room, is, id, at) -> tell(
                new LifecycleEvent(id, is ? Kind.OCCUPIED : Kind.VACATED, "", "", room.value(), node.value(), at)));
        rooms.listen(this);
        if (!kinds.isEmpty()) {
            sender.start();
        }
        LOG.info("lifecycle events go to {} observers, and to the webhook: {}", own.size(), kinds);
    }

    @Override
    public void opened(Session session) {
        tell(Kind.CONNECT, session, "");
    }

    @Override
    public void ended(Session session) {
        tell(Kind.DISCONNECT, session, "");
    }

    @Override
    public void joined(Session session, RoomName room) {
        if (room.isUserRoom()) {
            return;
        }
        tell(Kind.JOIN, session, room.value());
        if (countsRooms) {
            connections.compute(room, (name, count) -> {
                if (count == null) {
                    occupancy.occupy(name); // here, since no other call about this room comes between
                }
                return count == null ? 1 : count + 1;
            });
        }
    }

    @Override
    public void left(Session session, RoomName room) {
        if (room.isUserRoom()) {
            return;
        }
        tell(Kind.LEAVE, session, room.value());
        connections.computeIfPresent(room, (name, count) -> {
            if (count == 1) {
                occupancy.vacate(name);
            }
            return count == 1 ? null : Integer.valueOf(count - 1);
        });
    }

    private void tell(Kind kind, Session session, String room) {
        if (observers != null || sent.contains(kind)) {
            String id = prefix + Long.toString(ids.incrementAndGet(), Character.MAX_RADIX);
            String user = session.identity().user().value();
            tell(new LifecycleEvent(id, kind, user, session.id().value(), room, node.value(), clock.millis()));
        }
    }

    private void tell(LifecycleEvent event) {
        Observers told = observers;
        if (told != null) {
            told.add(event);
        }
        if (sent.contains(event.kind())) {
            outbox.add(EventText.of(event));
        }
    }

    /** Tells what happened until now, waiting some seconds at most. */
    @Override
    public void end() {
        await(occupancy.settled());
        Observers told = observers;
        for (long looks = END_MS / 10; told != null && told.waiting() > 0 && looks > 0; looks--) {
            LockSupport.parkNanos(LOOK_NS);
        }
        if (!sent.isEmpty()) {
            sender.end();
            await(outbox.handOver());
        }
    }

    private static void await(CompletionStage<?> stage) {
        try {
            var unused = stage.toCompletableFuture().get(END_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.info("not all events could be told before the end: {}", String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @PreDestroy
    void stop() {
        Observers told = observers;
        if (told != null) {
            told.stop();
        }
        sender.stop();
    }
}
