package dev.hubbub.redis;

import dev.hubbub.cluster.PermanentRooms;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Memberships that every node knows: a set of each user, which lives until it is empty. */
@Singleton
public class RedisPermanentRooms implements PermanentRooms {
    private static final Script ENTER = Script.of("permanent-enter");
    private static final Script LEAVE = Script.of("permanent-leave");
    private static final Script LIST = Script.of("permanent-list");

    private final RedisLink link;
    private final RoomChannels channels;

    @Inject
    public RedisPermanentRooms(RedisLink link, RoomChannels channels) {
        this.link = link;
        this.channels = channels;
    }

    private static List<String> keys(UserId user) {
        return List.of(Keyspace.permanent(user));
    }

    @Override
    public CompletionStage<Boolean> enter(UserId user, RoomName room, int most) {
        return Failures.orUnavailable(link.run(ENTER, keys(user), room, most).thenApply(reply -> !reply.isEmpty()));
    }

    @Override
    public CompletionStage<?> leave(UserId user, RoomName room) {
        return Failures.orUnavailable(link.run(LEAVE, keys(user), room));
    }

    @Override
    public CompletionStage<List<RoomName>> of(UserId user) {
        return Failures.orUnavailable(link.run(LIST, keys(user))
                .thenApply(reply -> reply.stream()
                        .map(RedisLink::text)
                        .filter(name -> isName(user, name))
                        .map(RoomName::new)
                        .sorted()
                        .toList()));
    }

    private boolean isName(UserId user, String name) {
        boolean valid = RoomName.isValid(name);
        if (!valid) {
            channels.garbage(Keyspace.permanent(user), new Note.Garbage("no room's name"));
        }
        return valid;
    }
}
