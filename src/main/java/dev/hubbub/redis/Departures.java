package dev.hubbub.redis;

import dev.hubbub.protocol.RoomName;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When this node looks next whether somebody's grace is over in a room. Whoever is active in a room looks; the script
 * tells each departure once. For rooms in which this node ended a connection, or evicted one, it answers: until nobody is
 * leaving there any more it holds them, so that whoever sweeps up behind it goes on. Thread-safe.
 */
final class Departures {
    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);
    /** When to look again after it failed, in ms. */
    private static final long RETRY_MS = 1_000;

    /** @param answers whether the room is held for it */
    private record Look(long at, boolean answers) {}

    private final ConcurrentHashMap<RoomName, Look> looks = new ConcurrentHashMap<>();
    private final PresenceScripts scripts;
    private final Held held;
    private final Clock clock;

    Departures(PresenceScripts scripts, Held held, Clock clock) {
        this.scripts = scripts;
        this.held = held;
        this.clock = clock;
    }

    /** Somebody's grace is over in so many ms; nobody's where that is negative. */
    void heard(RoomName room, long inMs) {
        if (inMs >= 0) {
            looks.merge(room, new Look(clock.millis() + inMs, false), Departures::sooner);
        }
    }

    /** As {@link #heard}, and it is on this node to see to it. */
    void answer(RoomName room, long inMs) {
        if (inMs < 0) {
            return;
        }
        Look fresh = new Look(clock.millis() + inMs, true);
        looks.compute(room, (name, look) -> {
            if (look == null || !look.answers) {
                var unused = held.hold(name.value());
            }
            return look == null ? fresh : sooner(look, fresh);
        });
    }

    private static Look sooner(Look a, Look b) {
        return new Look(Math.min(a.at, b.at), a.answers || b.answers);
    }

    /** Looks where it is time. */
    void tick() {
        long now = clock.millis();
        looks.forEach((room, look) -> {
            if (look.at <= now && looks.remove(room, look)) {
                look(room, look);
            }
        });
    }

    private void look(RoomName room, Look look) {
        // also where it fails before there is a stage: nobody else may come to look
        var unused = CompletableFuture.completedFuture(room)
                .thenCompose(scripts::depart)
                .whenComplete((next, failure) -> {
                    if (failure != null) {
                        LOG.debug("the departures of {} failed", room, failure);
                        again(room, new Look(clock.millis() + RETRY_MS, look.answers));
                    } else if (next == 0) {
                        look(room, look); // there were more than one step takes
                    } else if (next > 0) {
                        again(room, new Look(clock.millis() + next, look.answers));
                    } else if (look.answers) {
                        held.release(room.value());
                    }
                });
    }

    private void again(RoomName room, Look look) {
        looks.compute(room, (name, other) -> {
            if (other != null && other.answers && look.answers) {
                held.release(name.value()); // both held it
            }
            return other == null ? look : sooner(other, look);
        });
    }

    int count() {
        return looks.size();
    }
}
