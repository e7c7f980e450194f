package dev.hubbub.spi;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may connect, and do what in which room. A CDI bean of this type is asked at each handshake, join, publish,
 * look at members, read of history and removal by a user, and again when a user's token is renewed; not about backends
 * and users' own rooms. Where there are several, one {@link Decision#DENY} denies, else one {@link Decision#ALLOW}
 * allows, else the settings and the token decide.
 *
 * <p>It is called in threads of its own, several at once, and may wait; whoever asked waits with it, for
 * {@code hubbub.authorizer.timeout} at most. One that is late, or throws, or whose stage fails, allows nothing: that one
 * request is answered {@code UNAVAILABLE}. One that is late is interrupted. A few of one user's questions are asked at
 * once; the others wait for these.
 */
public interface RoomAuthorizer {
    enum Decision {
        ALLOW,
        DENY,
        /** The settings and the token decide. */
        ABSTAIN
    }

    /** What {@link Question#action} may be. */
    enum Action {
        /**
         * About no room, and about what stays: WebSockets, event streams, logins and renewals. A request to the HTTP API is
         * asked about by what it does alone, so whoever must do nothing at all has to be denied that too.
         */
        CONNECT,
        JOIN,
        PUBLISH,
        PRESENCE,
        HISTORY,
        KICK
    }

    /**
     * @param user the user's id; of an anonymous one what Hubbub has made up
     * @param name the name that others are shown; null where there is none
     * @param anonymous whether nobody vouches for the id
     * @param room the room's name; empty for {@link Action#CONNECT}
     */
    record Question(String user, @Nullable String name, boolean anonymous, Action action, String room) {}

    CompletionStage<Decision> decide(Question question);
}
