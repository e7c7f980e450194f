package dev.hubbub.protocol;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A user in a room. Immutable; no record, since its JSON is made once for all lists that it stands in: every join of a room
 * is answered with the same hundred.
 */
public final class Member {
    /** The status of a member that has set none. */
    public static final RawJson NO_STATUS = RawJson.ofValid("{}");

    private final UserId user;
    private final @Nullable String name;
    private final RawJson status;
    private final long since;
    private final int conns;
    /** Null until it is first listed, and then kept as long as it is. No lock: two threads make the same, each a whole one. */
    private @Nullable RawJson json;

    /**
     * @param since when the user came, in ms since the epoch
     * @param conns connections of the user in the room; 0 during the grace period
     */
    public Member(UserId user, @Nullable String name, RawJson status, long since, int conns) {
        this.user = user;
        this.name = name;
        this.status = status;
        this.since = since;
        this.conns = conns;
    }

    /** A copy with another status and number of connections. */
    public Member with(RawJson newStatus, int newConns) {
        return new Member(user, name, newStatus, since, newConns);
    }

    public UserId user() {
        return user;
    }

    public @Nullable String name() {
        return name;
    }

    public RawJson status() {
        return status;
    }

    public long since() {
        return since;
    }

    public int conns() {
        return conns;
    }

    /** As it stands in a list of members. */
    RawJson json() {
        RawJson made = json;
        if (made == null) {
            made = PresenceFrames.json(this);
            json = made;
        }
        return made;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Member member
                && user.equals(member.user)
                && Objects.equals(name, member.name)
                && status.equals(member.status)
                && since == member.since
                && conns == member.conns;
    }

    @Override
    public int hashCode() {
        return Objects.hash(user, name, status, since, conns);
    }

    @Override
    public String toString() {
        return json().toString();
    }
}
