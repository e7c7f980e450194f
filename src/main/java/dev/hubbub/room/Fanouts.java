package dev.hubbub.room;

import dev.hubbub.session.DeliveryLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A room's subscriptions on this node: a fan-out for each delivery loop that has had some. Guarded by itself. */
final class Fanouts {
    private final DeliveryLoops loops;
    /** By the number of the loop. */
    private final @Nullable Fanout[] all;

    Fanouts(DeliveryLoops loops) {
        this.loops = loops;
        this.all = new @Nullable Fanout[loops.count()];
    }

    synchronized void add(RoomSubscription subscription) {
        int loop = subscription.session().loop();
        Fanout fanout = all[loop];
        if (fanout == null) {
            fanout = new Fanout(this);
            all[loop] = fanout;
        }
        fanout.subscribers.add(subscription);
    }

    synchronized void remove(RoomSubscription subscription) {
        Fanout fanout = Objects.requireNonNull(all[subscription.session().loop()]);
        fanout.subscribers.remove(subscription);
    }

    synchronized int count() {
        int count = 0;
        for (Fanout fanout : all) {
            count += fanout == null ? 0 : fanout.subscribers.size();
        }
        return count;
    }

    /** All subscriptions, as they are now. */
    synchronized List<RoomSubscription> subscriptions() {
        List<RoomSubscription> subscriptions = new ArrayList<>(count());
        for (Fanout fanout : all) {
            if (fanout != null) {
                int size = fanout.subscribers.size();
                subscriptions.addAll(fanout.subscribers.below(size, size));
            }
        }
        return subscriptions;
    }

    /** Something was appended: puts the fan-outs that have subscribers in line at their loops. */
    void wake() {
        for (int loop = 0; loop < all.length; loop++) {
            Fanout fanout = needed(loop);
            if (fanout != null) {
                loops.get(loop).add(fanout);
            }
        }
    }

    private synchronized @Nullable Fanout needed(int loop) {
        Fanout fanout = all[loop];
        if (fanout == null || fanout.subscribers.size() == 0) {
            return null;
        }
        fanout.again = true;
        return fanout;
    }
}
