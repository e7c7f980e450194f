package dev.hubbub.room;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A room's subscriptions that belong to one delivery loop. Walked from the end, so that a removal, which moves the last
 * one into the gap, never hides one that was not visited yet. Guarded by the room's {@link Fanouts}.
 */
final class Subscribers {
    private @Nullable RoomSubscription[] all = new @Nullable RoomSubscription[1];
    private int size;

    void add(RoomSubscription subscription) {
        if (size == all.length) {
            all = Arrays.copyOf(all, size * 2);
        }
        subscription.index = size;
        all[size++] = subscription;
    }

    void remove(RoomSubscription subscription) {
        int at = subscription.index;
        if (at >= size || all[at] != subscription) {
            return;
        }
        RoomSubscription moved = all[--size];
        all[size] = null;
        if (moved != null && moved != subscription) {
            all[at] = moved;
            moved.index = at;
        }
        if (size < all.length / 4) {
            all = Arrays.copyOf(all, Math.max(1, all.length / 2));
        }
    }

    int size() {
        return size;
    }

    /** Those below {@code before}, last first, at most so many. */
    List<RoomSubscription> below(int before, int most) {
        int from = Math.min(before, size);
        List<RoomSubscription> some = new ArrayList<>(Math.min(from, most));
        for (int i = from - 1; i >= 0 && some.size() < most; i--) {
            some.add(Objects.requireNonNull(all[i]));
        }
        return some;
    }
}
