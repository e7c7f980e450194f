package dev.hubbub.protocol;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A user in a room. Immutable; it is encoded once for all whom it is told to. */
public final class Member {
    /** The status of a member that has set none. */
    public static final RawJson NO_STATUS = RawJson.ofValid("{}");

    private final UserId user;
    private final @Nullable String name;
    private final RawJson status;
    private final long since;
    private final int conns;
    /** Null until it is first asked for. No lock: two threads make the same, and neither sees half of the other's. */
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

    /** The same user, since the same time. */
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
