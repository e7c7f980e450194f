package dev.hubbub.redis;

import dev.hubbub.cluster.PermanentRooms;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Permanent rooms that every node knows: a set for each user, which does not expire. One request each. */
@Singleton
public class RedisPermanentRooms implements PermanentRooms {
    private static final Script ADD = Script.of("permanent-add");
    private static final Script REMOVE = Script.of("permanent-remove");
    private static final Script LIST = Script.of("permanent-list");

    private final RedisLink link;
    private final RoomChannels channels;

    @Inject
    public RedisPermanentRooms(RedisLink link, RoomChannels channels) {
        this.link = link;
        this.channels = channels;
    }

    @Override
    public CompletionStage<Added> add(UserId user, RoomName room, int limit) {
        return link.orUnavailable(link.run(ADD, List.of(Keyspace.roomsOf(user)), room, limit)
                .thenApply(reply -> Added.valueOf(RedisLink.text(reply.get(0)))));
    }

    @Override
    public CompletionStage<?> remove(UserId user, RoomName room) {
        return link.orUnavailable(link.run(REMOVE, List.of(Keyspace.roomsOf(user)), room));
    }

    @Override
    public CompletionStage<List<RoomName>> of(UserId user) {
        return link.orUnavailable(link.run(LIST, List.of(Keyspace.roomsOf(user)))
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
            channels.garbage(Keyspace.roomsOf(user), new Note.Garbage("no room's name"));
        }
        return valid;
    }
}
