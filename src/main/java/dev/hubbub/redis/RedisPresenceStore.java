package dev.hubbub.redis;

import dev.hubbub.cluster.PresenceChange;
import dev.hubbub.cluster.PresenceChange.Kind;
import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.cluster.Upkeep;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Presence that all nodes share. A room's scripts are the truth: whoever runs one, it tells each change once, on the
 * room's channel, and every node's listeners hear it from there, this node's too. What this node has listed is kept in
 * its memory as well, and stated again where Redis lost it. Stages fail with {@link dev.hubbub.cluster.Unavailable} while
 * Redis is away.
 */
@Singleton
public class RedisPresenceStore implements PresenceStore, Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(RedisPresenceStore.class);
    /** How long the end of the process waits for what is under way, in looks of 10 ms. */
    private static final int MOST_LOOKS = 100;

    /** As large as the scripts take a number for Hubbub's. */
    private static final long MOST_REV = 1L << 52;

    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final PresenceScripts scripts;
    private final Departures departures;
    private final OwnMembers own;
    private final RedisLink link;
    private final Lease lease;

    @Inject
    public RedisPresenceStore(
            RedisLink link, RoomChannels channels, Lease lease, Held held, Settings settings, Clock clock) {
        this.link = link;
        this.lease = lease;
        scripts = new PresenceScripts(link, settings);
        departures = new Departures(scripts, held, clock);
        own = new OwnMembers(scripts, held, departures);
        channels.onResubscribe(own::doubt);
        channels.hear('p', this::changed);
        channels.hear('g', (room, note) -> {
            channels.garbage(Keyspace.channel(room), new Note.Garbage("a key of its presence is of another kind"));
            channels.resubscribed(room); // whoever follows it looks again, and states what it has
        });
        channels.hear('l', (room, note) -> departures.heard(room, Math.max(0, note.number(0) - note.number(1))));
    }

    PresenceScripts scripts() {
        return scripts;
    }

    Departures departures() {
        return departures;
    }

    OwnMembers own() {
        return own;
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    private void changed(RoomName room, Note note) {
        Kind kind = switch (note.field(4)) {
            case "joined" -> Kind.JOINED;
            case "left" -> Kind.LEFT;
            case "updated" -> Kind.UPDATED;
            default -> throw new Note.Garbage("an unknown change of presence");
        };
        long rev = note.number(1);
        long count = note.number(3);
        if (rev == 0 || rev > MOST_REV || count > Integer.MAX_VALUE) {
            throw new Note.Garbage("a number out of range");
        }
        Member member = PresenceScripts.member(note.field(6), note.body());
        PresenceChange change =
                new PresenceChange(kind, note.field(0), rev, (int) count, member, note.number(5), note.number(2));
        OwnRoom known = own.find(room);
        if (known != null) {
            known.heard(rev);
            if (kind != Kind.LEFT) {
                known.heard(member);
            }
        }
        listeners.forEach(l -> l.onChange(room, change));
    }

    @Override
    public CompletionStage<Long> enter(RoomName room, Presence presence, @Nullable RawJson status) {
        return link.orUnavailable(own.enter(room, presence, status));
    }

    @Override
    public void leave(RoomName room, ConnectionId conn, UserId user, boolean atOnce) {
        own.leave(room, conn, atOnce);
    }

    @Override
    public CompletionStage<Boolean> update(RoomName room, UserId user, RawJson status) {
        return link.orUnavailable(scripts.update(room, user, status).thenApply(member -> {
            OwnRoom known = own.find(room);
            if (known != null && member) {
                known.status(user, status);
            }
            return member;
        }));
    }

    @Override
    public CompletionStage<Page> list(RoomName room, @Nullable UserId after, int limit) {
        return link.orUnavailable(scripts.list(room, after, limit));
    }

    /** Nothing is kept of a room but what is listed there. */
    @Override
    public void forget(RoomName room) {}

    @Override
    public void tick() {
        departures.tick();
    }

    /**
     * The process ends in order: waits for the leaves that are under way, for a second at most, and gives its lease back,
     * so that another node sees at once to those who are leaving.
     */
    @Override
    public void end() {
        for (int looks = 0; looks < MOST_LOOKS && own.commands() > 0 && link.isHere(); looks++) {
            LockSupport.parkNanos(LOOK_NS);
        }
        try {
            Waiting.await(lease.end());
        } catch (Unavailable e) {
            LOG.info("the lease could not be given back; it will lapse");
        }
    }
}
