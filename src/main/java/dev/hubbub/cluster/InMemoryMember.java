package dev.hubbub.cluster;

import dev.hubbub.cluster.PresenceStore.Presence;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Member;
import dev.hubbub.protocol.RawJson;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A user in a room of {@link InMemoryPresenceStore}, and the user's connections; guarded by the room's lock. */
final class InMemoryMember {
    private Member member;
    /** Immutable, since of most users there is one connection, and lists that can grow take more. */
    private List<ConnectionId> conns = List.of();
    /** When the grace period ends; 0 while there is a connection. */
    private long leavesAt;

    InMemoryMember(Presence presence, long since) {
        this.member = new Member(presence.user(), presence.name(), Member.NO_STATUS, since, 0);
    }

    Member member() {
        return member;
    }

    long leavesAt() {
        return leavesAt;
    }

    void leaveAt(long ms) {
        leavesAt = ms;
    }

    /** Takes a status, null where it stays as it is; says whether that changed anything. */
    boolean take(@Nullable RawJson status) {
        if (status == null || status.equals(member.status())) {
            return false;
        }
        member = member.with(status, conns.size());
        return true;
    }

    /** The user is there again, or still, by this connection. */
    void add(ConnectionId conn) {
        leavesAt = 0;
        if (conns.isEmpty()) {
            keep(List.of(conn));
        } else if (!conns.contains(conn)) {
            keep(Stream.concat(conns.stream(), Stream.of(conn)).toList());
        }
    }

    /** Whether it was the last one. */
    boolean removeLast(ConnectionId conn) {
        List<ConnectionId> before = conns;
        if (before.contains(conn)) {
            keep(before.stream().filter(c -> !c.equals(conn)).toList());
        }
        return conns.isEmpty() && !before.isEmpty();
    }

    private void keep(List<ConnectionId> now) {
        conns = now;
        member = member.with(member.status(), now.size());
    }
}
