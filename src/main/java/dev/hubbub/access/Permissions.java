package dev.hubbub.access;

import dev.hubbub.config.Audience;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Who may do what in which room: the namespace's policy, and each user's own room. */
@Singleton
public class Permissions {
    public enum Action {
        JOIN,
        PUBLISH,
        /** History and members. */
        READ
    }

    private final Settings settings;

    @Inject
    public Permissions(Settings settings) {
        this.settings = settings;
    }

    /** Null where it is allowed. */
    public @Nullable Refusal check(Identity who, Action action, RoomName room) {
        if (who.isBackend() || allowed(who, action, room)) {
            return null;
        }
        String verb = action.name().toLowerCase(Locale.ROOT);
        return Refusal.of(ErrorCode.PERMISSION_DENIED, "may not " + verb + " in room " + room);
    }

    private boolean allowed(Identity who, Action action, RoomName room) {
        if (room.isUserRoom()) {
            return room.equals(RoomName.ofUser(who.user()));
        }
        Audience audience = audience(settings.namespacePolicy(room.namespace()), action);
        return audience == Audience.ANYONE || (audience == Audience.USERS && who.kind() == Identity.Kind.USER);
    }

    private static Audience audience(NamespacePolicy policy, Action action) {
        return switch (action) {
            case JOIN -> policy.join();
            case PUBLISH -> policy.publish();
            case READ -> policy.read();
        };
    }
}
