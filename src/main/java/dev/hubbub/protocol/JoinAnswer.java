package dev.hubbub.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a join is answered with. {@code place} is the log's end at the join; {@code replayed} messages up to it follow.
 *
 * @param recovered null where no {@code since} was given
 * @param presence null where the room tells none to this subscriber
 */
public record JoinAnswer(
        RoomName room,
        Place place,
        @Nullable Boolean recovered,
        long replayed,
        @Nullable PresencePage presence) {

    /** The first members and the state that they are part of. */
    public record PresencePage(long rev, int count, List<Member> members) {}
}
