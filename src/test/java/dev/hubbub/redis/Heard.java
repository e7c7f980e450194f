package dev.hubbub.redis;

import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.protocol.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;

/** A listener that writes down what it is told: {@code begin seq} and {@code seq=payload}. */
class Heard implements RoomBus.Listener {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private volatile String epoch = "";

    @Override
    public void onBegin(Place place, long first) {
        epoch = place.epoch();
        lines.add("begin " + place.seq());
    }

    @Override
    public void onMessage(Message message) {
        lines.add(message.place().seq() + "=" + message.body().payload());
    }

    String epoch() {
        return epoch;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    List<String> await(int count) {
        Awaitility.await("lines").until(() -> lines.size() >= count);
        return lines();
    }
}
