package dev.hubbub.room;

import dev.hubbub.cluster.PermanentRooms;
import dev.hubbub.config.RoomKind;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who stays in which room, for the namespaces whose rooms are permanent; of others nothing is kept or asked. */
@Singleton
public class PermanentMembers {
    private final PermanentRooms store;
    private final Settings settings;

    @Inject
    public PermanentMembers(PermanentRooms store, Settings settings) {
        this.store = store;
        this.settings = settings;
    }

    private boolean isPermanent(RoomName room) {
        return settings.namespacePolicy(room.namespace()).kind() == RoomKind.PERMANENT;
    }

    /** @return false where the user is in too many others, and may not join */
    public CompletionStage<Boolean> enter(UserId user, RoomName room) {
        return isPermanent(room)
                ? store.enter(user, room, settings.limits.rooms())
                : CompletableFuture.completedFuture(true);
    }

    public CompletionStage<?> leave(UserId user, RoomName room) {
        return isPermanent(room) ? store.leave(user, room) : CompletableFuture.completedFuture(true);
    }

    /** The rooms into which a connection of the user is put; those left out whose namespace keeps nobody any more. */
    public CompletionStage<List<RoomName>> of(UserId user) {
        return settings.hasPermanentRooms()
                ? store.of(user)
                        .thenApply(rooms ->
                                rooms.stream().filter(this::isPermanent).toList())
                : CompletableFuture.completedFuture(List.of());
    }
}
