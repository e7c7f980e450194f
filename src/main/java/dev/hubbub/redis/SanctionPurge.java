package dev.hubbub.redis;

import dev.hubbub.cluster.SanctionList;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Takes off the sanctions that are over, page by page, where there are as many as can be. Whoever needs room has it as soon
 * as a page has some. Thread-safe; nothing blocks.
 */
final class SanctionPurge {
    /** So long after the last time they are not gone through again. */
    private static final long EVERY_MS = 60_000;

    private static final String FIRST = "0";
    private static final Script PURGE = Script.of("sanction-page", "sanction-purge");

    private final RedisLink link;
    private final Clock clock;
    private final long revocationMs;
    /** Guarded by this, as the rest. */
    private long endedAt = Long.MIN_VALUE / 2;

    private boolean underWay;
    /** What waits for the next page that has room. */
    private CompletableFuture<Boolean> room = CompletableFuture.completedFuture(false);

    /** @param revocationMs how long a revocation is kept */
    SanctionPurge(RedisLink link, Clock clock, long revocationMs) {
        this.link = link;
        this.clock = clock;
        this.revocationMs = revocationMs;
    }

    /** Completes with whether there may be room, since some were taken off that were over; with false where they were gone through lately. */
    CompletableFuture<Boolean> makeRoom() {
        CompletableFuture<Boolean> own;
        synchronized (this) {
            if (underWay) {
                return room;
            }
            if (clock.millis() - endedAt < EVERY_MS) {
                return CompletableFuture.completedFuture(false);
            }
            underWay = true;
            own = new CompletableFuture<>();
            room = own;
        }
        page(FIRST, false);
        return own;
    }

    /** @param before whether one had some that were over */
    private void page(String cursor, boolean before) {
        // also where it fails before there is a stage
        var unused = CompletableFuture.completedFuture(cursor)
                .thenCompose(this::purge)
                .whenComplete((reply, failure) -> {
                    if (failure != null) {
                        end(Long.MIN_VALUE / 2).completeExceptionally(failure);
                        return;
                    }
                    String next = RedisLink.text(reply.get(0));
                    boolean found = before || !RedisLink.text(reply.get(1)).equals("0");
                    if (next.equals(FIRST)) {
                        end(clock.millis()).complete(found);
                        return;
                    }
                    if (found) {
                        waiting().complete(true);
                    }
                    page(next, found);
                });
    }

    private CompletableFuture<List<Object>> purge(String cursor) {
        return link.run(
                PURGE, List.of(Keyspace.SANCTIONS), cursor, SanctionReading.PAGE, revocationMs, SanctionList.KICK_MS);
    }

    /** Who waits for this page, or could not know of those before it; others wait for the next. */
    private synchronized CompletableFuture<Boolean> waiting() {
        CompletableFuture<Boolean> waiting = room;
        room = new CompletableFuture<>();
        return waiting;
    }

    /** The same where there is no other page. */
    private synchronized CompletableFuture<Boolean> end(long at) {
        underWay = false;
        endedAt = at;
        return room;
    }
}
