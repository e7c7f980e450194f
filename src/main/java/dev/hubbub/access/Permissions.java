package dev.hubbub.access;

import dev.hubbub.cluster.Sanctions;
import dev.hubbub.config.Audience;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.PresenceMode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Action;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Identity;
import dev.hubbub.spi.RoomAuthorizer;
import dev.hubbub.spi.RoomAuthorizer.Decision;
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
        if (!who.isBackend() && sanctions.isBanned(room, who.user())) {
            return refused(who, "banned from room " + room);
        }
        return decidesAtOnce(who, room)
                ? (isAllowed(who, action, room) ? YES : refused(who, action, room))
                : authorizers
                        .decide(who, RoomAuthorizer.Action.valueOf(action.name()), room.value())
                        .thenCompose(decision -> decision == Decision.ALLOW
                                        || (decision == Decision.ABSTAIN && isAllowed(who, action, room))
                                ? YES
                                : refused(who, action, room));
    }

    private CompletionStage<@Nullable Refusal> refused(Identity who, Action action, RoomName room) {
        return refused(who, "may not " + phrase(action) + " room " + room);
    }

    private CompletionStage<@Nullable Refusal> refused(Identity who, String message) {
        refusals.count(Refusals.Reason.PERMISSION, who.user() + " " + message);
        return CompletableFuture.completedFuture(Refusal.of(ErrorCode.PERMISSION_DENIED, message));
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
                        ? refused(admitted.identity(), "may not connect").thenApply(Admission::refused)
                        : CompletableFuture.completedFuture(admission));
    }

    /**
     * How somebody may join.
     *
     * @param presence as asked for; {@link PresenceMode#OFF} where nothing was, and seeing and being seen is not allowed
     */
    public record Entry(@Nullable Refusal refusal, @Nullable PresenceMode presence) {}

    /**
     * Everything that a join needs; as {@link #check}.
     *
     * @param presence what was asked for; null where nothing was
     * @param replay how many older messages were asked for
     */
    public CompletionStage<Entry> checkJoin(Identity who, RoomName room, @Nullable PresenceMode presence, int replay) {
        return check(who, Action.JOIN, room)
                .thenCompose(refusal -> refusal != null || replay == 0
                        ? CompletableFuture.completedFuture(refusal)
                        : check(who, Action.HISTORY, room))
                .thenCompose(refusal -> refusal != null || presence == PresenceMode.OFF || !hasPresence(room)
                        ? CompletableFuture.completedFuture(new Entry(refusal, presence))
                        : check(who, Action.PRESENCE, room).thenApply(hidden -> {
                            if (hidden == null) {
                                return new Entry(null, presence);
                            }
                            return presence == null ? new Entry(null, PresenceMode.OFF) : new Entry(hidden, null);
                        }));
    }

    private boolean hasPresence(RoomName room) {
        return !room.isUserRoom() && settings.namespacePolicy(room.namespace()).presence();
    }
}
