package dev.hubbub.checker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.protocol.Place;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;

/** Listens on WebSockets, as the same user each time; half of them are members of their rooms, and follow who is. */
final class WebSocketListener extends Listener {
    private final boolean member;
    private final Map<String, Roster> rosters = new ConcurrentHashMap<>();
    private volatile String user;
    /** Its thread's own, as what follows. */
    private String anon = "";

    private WebSocketLink link;

    WebSocketListener(
            String name, List<Integer> ports, List<String> rooms, Recorder recorder, boolean restless, Random random) {
        super(name, ports, rooms, recorder, restless, random);
        member = random.nextBoolean();
        rooms.forEach(room -> rosters.put(room, new Roster()));
    }

    /** Whether it is listed in its rooms, and hears who is. */
    boolean isMember() {
        return member;
    }

    /** Null before it was ever let in. */
    String user() {
        return user;
    }

    Roster roster(String room) {
        return rosters.get(room);
    }

    @Override
    Link open(int port, Map<String, Place> since) throws Lost {
        link = WebSocketLink.open(port, anon.isEmpty() ? "" : "?anon=" + anon);
        try {
            for (String room : rooms) {
                Place place = since.get(room);
                String from = place == null
                        ? ""
                        : ",\"since\":{\"epoch\":\"" + place.epoch() + "\",\"seq\":" + place.seq() + "}";
                link.send("{\"type\":\"room.join\",\"id\":\"" + room + "\",\"data\":{\"room\":\"" + room + "\""
                        + (member ? "" : ",\"presence\":\"off\"") + from + "}}");
            }
            return link;
        } catch (Lost e) {
            link.close();
            throw e;
        }
    }

    @Override
    void other(Link.Frame frame) throws Lost {
        JsonNode data = frame.data();
        Roster roster = rosters.get(data.path("room").asText());
        switch (frame.type()) {
            case "session.opened" -> {
                user = data.get("user").asText();
                anon = data.get("anon").asText();
            }
            case "room.join.reply" -> {
                if (member) {
                    roster.state(data);
                }
            }
            case "presence.joined" -> roster.joined(data);
            case "presence.left" -> roster.left(data);
            case "presence.changed" -> roster.changed(data);
            case "presence.reset" -> {
                String room = data.get("room").asText();
                roster.reset();
                link.send("{\"type\":\"presence.list\",\"id\":\"" + room + "\",\"data\":{\"room\":\"" + room
                        + "\",\"limit\":1000}}");
            }
            case "presence.list.reply" ->
                rosters.get(frame.envelope().get("id").asText()).state(data);
            default -> {} // a room's messages, which the listener follows
        }
    }

    @Override
    void cursor(String id, String type) {}
}
