package dev.hubbub.checker;

import dev.hubbub.protocol.Place;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Listens on WebSockets. */
final class WebSocketListener extends Listener {
    private final String presence;

    WebSocketListener(
            String name, List<Integer> ports, List<String> rooms, Recorder recorder, boolean restless, Random random) {
        super(name, ports, rooms, recorder, restless, random);
        presence = random.nextBoolean() ? ",\"presence\":\"off\"" : ""; // what is told of members is passed over
    }

    @Override
    Link open(int port, Map<String, Place> since) throws Lost {
        WebSocketLink link = WebSocketLink.open(port, "");
        try {
            for (String room : rooms) {
                Place place = since.get(room);
                String from = place == null
                        ? ""
                        : ",\"since\":{\"epoch\":\"" + place.epoch() + "\",\"seq\":" + place.seq() + "}";
                link.send("{\"type\":\"room.join\",\"id\":\"" + room + "\",\"data\":{\"room\":\"" + room + "\""
                        + presence + from + "}}");
            }
            return link;
        } catch (Lost e) {
            link.close();
            throw e;
        }
    }

    @Override
    void cursor(String id, String type) {}
}
