package dev.hubbub.room;

import dev.hubbub.session.Batch;
import dev.hubbub.session.DeliveryLoop;
import java.util.List;

/**
 * Takes what a room has to the subscriptions of one loop, some at a time, so that a large room does not hold up a small
 * one. What is appended while it walks goes out with the same pass to those it has not reached. Runs in its loop alone.
 */
final class Fanout extends DeliveryLoop.Task {
    private static final int CHUNK = 64;

    private final Room room;
    private final int loop;
    /** Where the walk is; 0 between walks. */
    private int at;

    /** Whether something was appended behind the walk; guarded by the room. */
    boolean again;

    Fanout(Room room, int loop) {
        this.room = room;
        this.loop = loop;
    }

    @Override
    protected int weight() {
        return room.subscribers(loop);
    }

    @Override
    protected boolean run(Batch batch) {
        if (at == 0) {
            at = room.startWalk(this, loop);
        }
        List<RoomSubscription> chunk = room.below(loop, at, CHUNK);
        for (RoomSubscription subscription : chunk) {
            subscription.serve(batch);
        }
        at = chunk.size() < CHUNK ? 0 : at - CHUNK;
        return at > 0 || room.needsWalk(this);
    }

    @Override
    protected void failed(Throwable cause) {
        at = 0;
    }
}
