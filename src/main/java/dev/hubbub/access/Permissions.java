package dev.hubbub.access;

import dev.hubbub.cluster.Sanctions;
import dev.hubbub.config.Audience;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.PresenceMode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Action;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Area;
import dev.hubbub.session.Identity;
import dev.hubbub.spi.RoomAuthorizer;
import dev.hubbub.spi.RoomAuthorizer.Decision;
import dev.hubbub.token.ApiKeys;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what in which room: bans, then a team's own code where it decides, else the namespace's policy and what the
 * token grants; and each user's own room. Thread-safe.
 */
@Singleton
public class Permissions {
    /** Nothing stands against it; what {@link #check} returns wherever that is known at once. */
    public static final CompletionStage<@Nullable Refusal> YES = CompletableFuture.completedFuture(null);

    private final Settings settings;
    private final Sanctions sanctions;
    private final Authorizers authorizers;
    private final Refusals refusals;

    @Inject
    public Permissions(Settings settings, Sanctions sanctions, Authorizers authorizers, Refusals refusals) {
        this.settings = settings;
        this.sanctions = sanctions;
        this.authorizers = authorizers;
        this.refusals = refusals;
    }

    /** Whether nobody else is asked, so that {@link #check} knows at once. */
    public boolean decidesAtOnce(Identity who, RoomName room) {
        return who.isBackend() || room.isUserRoom() || authorizers.isEmpty();
    }

    /** Completes with null where it is allowed; fails with {@link dev.hubbub.cluster.Unavailable} where nobody decides. */
    public CompletionStage<@Nullable Refusal> check(Identity who, Action action, RoomName room) {
        CompletionStage<@Nullable Refusal> decided = decide(who, action, room);
        return decided == YES ? YES : decided.thenApply(refusal -> counted(who, refusal));
    }

    /** The same about something that is only left out where it is not allowed. */
    private CompletionStage<@Nullable Refusal> decide(Identity who, Action action, RoomName room) {
        if (!who.isBackend() && sanctions.isBanned(room, who.user())) {
            return refused("banned from room " + room);
        }
        return decidesAtOnce(who, room)
                ? (isAllowed(who, action, room) ? YES : refused(action, room))
                : authorizers
                        .decide(who, RoomAuthorizer.Action.valueOf(action.name()), room.value())
                        .thenCompose(decision -> sanctions.isBanned(room, who.user())
                                ? refused("banned from room " + room)
                                : decision == Decision.ALLOW
                                                || (decision == Decision.ABSTAIN && isAllowed(who, action, room))
                                        ? YES
                                        : refused(action, room));
    }

    private static CompletionStage<@Nullable Refusal> refused(Action action, RoomName room) {
        return refused("may not " + phrase(action) + " room " + room);
    }

    private static CompletionStage<@Nullable Refusal> refused(String message) {
        return CompletableFuture.completedFuture(Refusal.of(ErrorCode.PERMISSION_DENIED, message));
    }

    private @Nullable Refusal counted(Identity who, @Nullable Refusal refusal) {
        if (refusal != null) {
            refusals.count(Refusals.Reason.PERMISSION, who.user() + " " + refusal.message());
        }
        return refusal;
    }

    /** Null where somebody has been given an area. */
    public @Nullable Refusal check(Identity who, Area area) {
        return who.rights().cover(area)
                ? null
                : counted(
                        who,
                        Refusal.of(
                                ErrorCode.PERMISSION_DENIED,
                                "an API key with the scope " + area.word() + " or admin is needed"));
    }

    /** Null where a user may be taken out, or banned, by whoever may do that; backends are one user, and not users' to take out. */
    public @Nullable Refusal checkRemoval(Identity who, UserId user, boolean ban) {
        if (!user.equals(ApiKeys.BACKEND)) {
            return null;
        }
        if (!who.isBackend()) {
            return counted(who, Refusal.of(ErrorCode.PERMISSION_DENIED, "only a backend takes backends out of a room"));
        }
        return ban ? Refusal.invalid("backends cannot be banned") : null;
    }

    private static String phrase(Action action) {
        return switch (action) {
            case JOIN -> "join";
            case PUBLISH -> "publish in";
            case PRESENCE -> "see the members of";
            case HISTORY -> "read the history of";
            case KICK -> "take others out of";
        };
    }

    /** By the settings and the credentials alone. */
    private boolean isAllowed(Identity who, Action action, RoomName room) {
        if (who.isBackend()) {
            return who.rights().allow(action, room);
        }
        if (room.isUserRoom()) {
            return room.equals(RoomName.ofUser(who.user())) && action != Action.KICK;
        }
        return switch (audience(settings.namespacePolicy(room.namespace()), action)) {
            case NOBODY, BACKEND -> false;
            case GRANTED -> who.rights().allow(action, room);
            case USERS -> who.kind() == Identity.Kind.USER || who.rights().allow(action, room);
            case ANYONE -> true;
        };
    }

    private static Audience audience(NamespacePolicy policy, Action action) {
        return switch (action) {
            case JOIN -> policy.join();
            case PUBLISH -> policy.publish();
            case PRESENCE -> policy.members();
            case HISTORY -> policy.history();
            case KICK -> policy.kick();
        };
    }

    /** The same, unless a team's own code does not let them in; fails as {@link #check}. */
    public CompletionStage<Admission> unlessShutOut(Admission admission) {
        if (authorizers.isEmpty()
                || !(admission instanceof Admission.Admitted admitted)
                || admitted.identity().isBackend()) {
            return CompletableFuture.completedFuture(admission);
        }
        return authorizers
                .decide(admitted.identity(), RoomAuthorizer.Action.CONNECT, "")
                .thenCompose(decision -> decision == Decision.DENY
                        ? refused("may not connect")
                                .thenApply(refusal -> counted(admitted.identity(), refusal))
                                .thenApply(Admission::refused)
                        : CompletableFuture.completedFuture(admission));
    }

    /** What a join asks for; null and 0 where it does not. */
    public record Wish(
            @Nullable PresenceMode presence, @Nullable Place since, int replay) {
        /** To be in a room, and no more. */
        public static final Wish PLAIN = new Wish(null, null, 0);

        public static Wish of(@Nullable PresenceMode presence, @Nullable Place since, int replay) {
            return presence == null && since == null && replay == 0 ? PLAIN : new Wish(presence, since, replay);
        }
    }

    /**
     * How somebody may join.
     *
     * @param presence as asked for; {@link PresenceMode#OFF} where nothing was, and seeing and being seen is not allowed
     * @param recentOnly whoever may not read the history is given again what was said just now, and nothing older
     */
    public record Entry(@Nullable Refusal refusal, @Nullable PresenceMode presence, boolean recentOnly) {}

    /** Everything that a join needs; as {@link #check}. */
    public CompletionStage<Entry> checkJoin(Identity who, RoomName room, Wish wish) {
        return check(who, Action.JOIN, room).thenCompose(refusal -> {
            if (refusal != null) {
                return CompletableFuture.completedFuture(new Entry(refusal, null, false));
            }
            return past(who, room, wish)
                    .thenCompose(past -> past.refusal() == null
                            ? presence(who, room, wish, past.recentOnly())
                            : CompletableFuture.completedFuture(past));
        });
    }

    private CompletionStage<Entry> past(Identity who, RoomName room, Wish wish) {
        if (wish.since() == null && wish.replay() == 0) {
            return CompletableFuture.completedFuture(new Entry(null, null, false));
        }
        return wish.since() == null
                ? check(who, Action.HISTORY, room).thenApply(refusal -> new Entry(refusal, null, false))
                : decide(who, Action.HISTORY, room).thenApply(refusal -> new Entry(null, null, refusal != null));
    }

    private CompletionStage<Entry> presence(Identity who, RoomName room, Wish wish, boolean recentOnly) {
        PresenceMode asked = wish.presence();
        if (asked == PresenceMode.OFF || !hasPresence(room)) {
            return CompletableFuture.completedFuture(new Entry(null, asked, recentOnly));
        }
        return asked == null
                ? decide(who, Action.PRESENCE, room)
                        .thenApply(hidden -> new Entry(null, hidden == null ? null : PresenceMode.OFF, recentOnly))
                : check(who, Action.PRESENCE, room).thenApply(hidden -> new Entry(hidden, asked, recentOnly));
    }

    private boolean hasPresence(RoomName room) {
        return !room.isUserRoom() && settings.namespacePolicy(room.namespace()).presence();
    }
}
