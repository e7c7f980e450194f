package dev.hubbub.checker;

import dev.hubbub.protocol.Place;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/** Listens on streams of events, and knows its places by their cursor alone. */
final class EventListener extends Listener {
    private String cursor;

    EventListener(
            String name, List<Integer> ports, List<String> rooms, Recorder recorder, boolean restless, Random random) {
        super(name, ports, rooms, recorder, restless, random);
    }

    @Override
    Link open(int port, Map<String, Place> since) throws Lost {
        String query = rooms.stream().map(r -> "room=" + r).collect(Collectors.joining("&"));
        return EventLink.open(port, query + "&presence=off", cursor);
    }

    @Override
    void cursor(String id, String type) {
        if (id == null) {
            odd(type + " without an id");
        } else {
            cursor = id;
        }
    }
}
