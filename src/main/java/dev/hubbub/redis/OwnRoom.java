package dev.hubbub.redis;

import dev.hubbub.cluster.PresenceStore.Presence;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What this node knows of its own connections in one room, to state it again where Redis lost it. Guarded by itself. */
final class OwnRoom {
    /** A user with connections here, as last heard of. */
    private static final class OwnUser {
        private final Set<ConnectionId> conns = new HashSet<>(2);
        private RawJson status = Member.NO_STATUS;
        /** Negative while it is not known. */
        private long since = -1;
    }

    private final RoomName name;
    private final Map<ConnectionId, OwnConnection> conns = new HashMap<>();
    private final Map<UserId, OwnUser> users = new HashMap<>();
    /** How often something failed: only an audit knows then what Redis has. */
    private int failures;
    /** Up to which of them an audit has looked. */
    private int audited;
    /** The latest revision heard of. */
    private long rev;
    /** Nobody needs it any more. */
    private boolean ended;

    OwnRoom(RoomName name) {
        this.name = name;
    }

    RoomName name() {
        return name;
    }

    /** Null where the room has ended, and another is to be made. */
    synchronized @Nullable OwnConnection enter(Presence presence, @Nullable RawJson status) {
        if (ended) {
            return null;
        }
        OwnConnection conn = conns.computeIfAbsent(presence.conn(), c -> new OwnConnection(this, c));
        conn.enter(presence);
        OwnUser user = users.computeIfAbsent(presence.user(), u -> new OwnUser());
        user.conns.add(presence.conn());
        if (status != null) {
            user.status = status;
        }
        return conn;
    }

    /** Null where it is not here. */
    synchronized @Nullable OwnConnection leave(ConnectionId id) {
        OwnConnection conn = conns.get(id);
        Presence presence = conn == null ? null : conn.leave();
        if (presence == null) {
            return null;
        }
        OwnUser user = users.get(presence.user());
        if (user != null && user.conns.remove(id) && user.conns.isEmpty()) {
            users.remove(presence.user());
        }
        return conn;
    }

    /** A connection that Redis has, and this node maybe not. Null where the room has ended. */
    synchronized @Nullable OwnConnection listed(ConnectionId id) {
        return ended ? null : conns.computeIfAbsent(id, c -> new OwnConnection(this, c));
    }

    synchronized void heard(long heardRev) {
        rev = Math.max(rev, heardRev);
    }

    synchronized long rev() {
        return rev;
    }

    synchronized void heard(Member member) {
        OwnUser user = users.get(member.user());
        if (user != null) {
            user.status = member.status();
            user.since = member.since();
        }
    }

    synchronized void status(UserId id, RawJson status) {
        OwnUser user = users.get(id);
        if (user != null) {
            user.status = status;
        }
    }

    /** What a connection enters with; null where it has left meanwhile. */
    synchronized PresenceScripts.@Nullable Entry entry(OwnConnection conn, @Nullable RawJson status) {
        Presence presence = conn.presence();
        OwnUser user = presence == null ? null : users.get(presence.user());
        if (presence == null || user == null) {
            return null;
        }
        return new PresenceScripts.Entry(
                presence.conn(), presence.user(), presence.name(), user.since, user.status, status, rev);
    }

    synchronized Collection<OwnConnection> conns() {
        return List.copyOf(conns.values());
    }

    /** Those that are here, and that Redis has not, or under another incarnation. */
    synchronized List<OwnConnection> missing(Set<String> listed, String incarnation) {
        List<OwnConnection> missing = new ArrayList<>();
        for (OwnConnection conn : conns.values()) {
            if (conn.presence() != null
                    && !(listed.contains(conn.id().value()) && incarnation.equals(conn.incarnation()))) {
                missing.add(conn);
            }
        }
        return missing;
    }

    /** Those that Redis has, and that are not here. */
    synchronized List<ConnectionId> ghosts(Set<String> listed) {
        List<ConnectionId> ghosts = new ArrayList<>();
        for (String id : listed) {
            OwnConnection conn = conns.get(new ConnectionId(id));
            if (conn == null || conn.presence() == null) {
                ghosts.add(new ConnectionId(id));
            }
        }
        return ghosts;
    }

    synchronized void failed() {
        failures++;
    }

    /** Whether something failed that no audit has looked at. */
    synchronized boolean isDoubtful() {
        return failures != audited;
    }

    synchronized int failures() {
        return failures;
    }

    /** Redis has what is here, as of when so many commands had failed. */
    synchronized void audited(int before) {
        audited = before;
    }

    /** One of its commands has ended: forgets what is not needed. Returns whether that is all of it, which it says once. */
    synchronized boolean settle(OwnConnection conn) {
        if (conn.isOver()) {
            conns.remove(conn.id());
        }
        return settle();
    }

    synchronized boolean settle() {
        if (ended || failures != audited || !conns.isEmpty()) {
            return false;
        }
        ended = true;
        return true;
    }
}
