package dev.hubbub.security;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/** Everything that somebody may try with a room, on all ways, and the rights that each needs. */
final class Attempts {
    /** What each needs; named as {@link #allowed} tells it. */
    static final Map<String, Set<String>> NEEDS = needs();

    private static Map<String, Set<String>> needs() {
        Map<String, Set<String>> needs = new LinkedHashMap<>();
        needs.put("room.join", Set.of("join"));
        needs.put("room.join with since", Set.of("join"));
        needs.put("room.join with replay", Set.of("join", "history"));
        needs.put("room.join to be listed", Set.of("join", "presence"));
        needs.put("room.join to see who is there", Set.of("join", "presence"));
        needs.put("room.publish", Set.of("publish"));
        needs.put("room.history", Set.of("history"));
        needs.put("presence.list", Set.of("presence"));
        needs.put("/events", Set.of("join"));
        needs.put("/events with replay", Set.of("join", "history"));
        needs.put("/events with replay and a cursor of dashes", Set.of("join", "history"));
        needs.put("/events to be listed", Set.of("join", "presence"));
        needs.put("GET messages", Set.of("history"));
        needs.put("GET members", Set.of("presence"));
        needs.put("GET room", Set.of("presence"));
        needs.put("POST messages", Set.of("publish"));
        needs.put("POST many", Set.of("publish"));
        needs.put("POST to many rooms", Set.of("publish"));
        return needs;
    }

    /** All that needs no other rights than these. */
    static Set<String> withRights(Set<String> rights) {
        return NEEDS.entrySet().stream()
                .filter(e -> rights.containsAll(e.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Set<String> all() {
        return new TreeSet<>(NEEDS.keySet());
    }

    private final Node node;
    private final String room;
    private final String[] headers;
    private final Set<String> allowed = new TreeSet<>();

    private Attempts(Node node, String room, String... headers) {
        this.node = node;
        this.room = room;
        this.headers = headers;
    }

    /**
     * Tries all of them; whatever is refused must be refused for want of a right.
     *
     * @param headers lines that say who it is
     */
    static Set<String> allowed(Node node, String room, String... headers) {
        return new Attempts(node, room, headers).tryAll();
    }

    private Set<String> tryAll() {
        try (RawWebSocket socket = RawWebSocket.open(node, "/ws", headers)) {
            onSocket(socket, "room.join", "room.join", "");
            onSocket(socket, "room.join with since", "room.join", ",\"since\":{\"epoch\":\"e\",\"seq\":0}");
            onSocket(socket, "room.join with replay", "room.join", ",\"replay\":5");
            onSocket(socket, "room.join to be listed", "room.join", ",\"presence\":\"full\"");
            onSocket(socket, "room.join to see who is there", "room.join", ",\"presence\":\"listen\"");
            onSocket(socket, "room.publish", "room.publish", ",\"payload\":1");
            onSocket(socket, "room.history", "room.history", "");
            onSocket(socket, "presence.list", "presence.list", "");
        }
        onStream("/events", "");
        onStream("/events with replay", "&replay=5");
        onStream("/events with replay and a cursor of dashes", "&replay=1000&lastEventId=" + cursorOfDashes());
        onStream("/events to be listed", "&presence=full");
        String path = "/api/v1/rooms/" + room;
        onHttp("GET messages", "GET", path + "/messages", null);
        onHttp("GET members", "GET", path + "/members", null);
        onHttp("GET room", "GET", path, null);
        onHttp("POST messages", "POST", path + "/messages", "{\"payload\":1}");
        inBatch("POST many", "{\"messages\":[{\"room\":\"" + room + "\",\"payload\":1}]}");
        inBatch("POST to many rooms", "{\"payload\":1,\"rooms\":[\"" + room + "\"]}");
        return allowed;
    }

    private void note(String what, String code) {
        if (code.isEmpty()) {
            allowed.add(what);
        } else {
            assertThat(code).as("%s of %s", what, room).isEqualTo("PERMISSION_DENIED");
        }
    }

    private void onSocket(RawWebSocket socket, String what, String type, String more) {
        JsonNode answer = socket.request(type, "{\"room\":\"" + room + "\"" + more + "}");
        note(
                what,
                answer.get("type").asText().equals("error")
                        ? answer.at("/data/code").asText()
                        : "");
    }

    private void onStream(String what, String more) {
        try (EventStream stream = EventStream.open(node, "room=" + room + more, headers)) {
            note(
                    what,
                    stream.status() == 200 ? "" : stream.problem().get("code").asText());
        }
    }

    /** What a stream tells of a room that it has no place in yet; anybody can make one. */
    private String cursorOfDashes() {
        CRC32 crc = new CRC32();
        crc.update((room + "\n").getBytes(StandardCharsets.UTF_8));
        return Long.toString(crc.getValue(), 36) + ".-";
    }

    private void onHttp(String what, String method, String path, String body) {
        Api.Reply reply = Api.call(node, method, path, body, Way.pairs(headers));
        note(what, reply.status() / 100 == 2 ? "" : code(reply, 403));
    }

    private static String code(Api.Reply reply, int status) {
        String code = reply.body().get("code").asText();
        return reply.status() == status ? code : reply.status() + " " + code;
    }

    private void inBatch(String what, String body) {
        Api.Reply reply = Api.post(node, "/api/v1/messages", body, Way.pairs(headers));
        List<JsonNode> items = reply.body().findValues("code");
        note(what, items.isEmpty() ? "" : items.get(0).asText());
    }
}
