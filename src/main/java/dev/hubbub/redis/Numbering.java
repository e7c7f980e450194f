package dev.hubbub.redis;

import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.RoomName;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A room's numbering as Redis has it: what a node asks of it, and how it is begun where it is lost. */
record Numbering(RoomName room, NamespacePolicy policy, RedisLink link) {
    private static final Logger LOG = LoggerFactory.getLogger(Numbering.class);
    /** Messages that one comparison brings. */
    private static final int PAGE = 256;

    private static final Script CATCH_UP = Script.of("catchup");
    private static final Script FORK = Script.of("fork");
    private static final Script OPEN = Script.of("open");

    private List<String> keys() {
        return List.of(Keyspace.head(room), Keyspace.log(room));
    }

    private List<String> comparedKeys() {
        return List.of(Keyspace.head(room), Keyspace.log(room), Keyspace.names(room));
    }

    private long lifeMs() {
        return RedisRoomBus.lifeMs(policy);
    }

    /**
     * What {@link Comparison} reads: the head, and what comes after a place.
     *
     * @param knownRev the latest revision of presence that was heard of in the epoch of that place: where Redis has lost
     *     it, revisions go on behind it
     */
    CompletableFuture<List<Object>> after(Place from, long knownRev) {
        return link.run(CATCH_UP, comparedKeys(), from.epoch(), from.seq(), PAGE, lifeMs(), knownRev);
    }

    /** Sees to it that there is one; completes with true, since the room must be compared again. */
    CompletableFuture<Boolean> open() {
        return link.run(OPEN, Keyspace.open(room), Ids.epoch(), lifeMs(), "").thenApply(opened -> true);
    }

    /** Begins another where Redis has lost messages of an epoch, unless somebody else did; completes as {@link #open}. */
    CompletableFuture<Boolean> beginAnew(String over) {
        LOG.warn("the numbering of {} begins anew after epoch {}: Redis has lost messages of it", room, over);
        return link.run(FORK, keys(), over, Ids.epoch(), link.publishCommand(), Keyspace.channel(room), lifeMs())
                .thenApply(forked -> true);
    }
}
