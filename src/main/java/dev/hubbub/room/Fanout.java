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

    private final Fanouts owner;
    /** Guarded by the owner; its size is read without the lock as an estimate. */
    final Subscribers subscribers = new Subscribers();
    /** Whether something was appended behind the walk; guarded by the owner. */
    boolean again;

    /** Where the walk is; 0 between walks. */
    private int at;

    Fanout(Fanouts owner) {
        this.owner = owner;
    }

    @Override
    protected int weight() {
        return subscribers.size();
    }

    @Override
    protected boolean run(Batch batch) {
        List<RoomSubscription> chunk = chunk();
        for (RoomSubscription subscription : chunk) {
            subscription.serve(batch);
        }
        at = chunk.size() < CHUNK ? 0 : at - CHUNK;
        return at > 0 || needsWalk();
    }

    private List<RoomSubscription> chunk() {
        synchronized (owner) {
            if (at == 0) {
                again = false; // the walk that begins sees everything appended before
                at = subscribers.size();
            }
            return subscribers.below(at, CHUNK);
        }
    }

    private boolean needsWalk() {
        synchronized (owner) {
            return again;
        }
    }

    @Override
    protected void failed(Throwable cause) {
        at = 0;
    }
}
