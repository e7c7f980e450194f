package dev.hubbub.redis;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A client in a room, whose node sends it away, and which goes on at another where it left off. */
interface Mover extends AutoCloseable {
    String user();

    /** Reads to the end, and how long the client was told to be away, in ms; it must be told that once, and 1012. */
    long sentAway();

    /** Connects to another node, and asks for what it missed. */
    void comeBack(Node node);

    /** The numbers that came, on both connections, once {@code last} has come. */
    List<Integer> numbers(int last);

    @Override
    void close();

    final class OfWebSocket implements Mover {
        private final String room;
        private final String epoch;
        private final RawWebSocket first;
        private RawWebSocket second;

        OfWebSocket(Node node, String room) {
            this.room = room;
            first = RawWebSocket.open(node);
            epoch = first.join(room).get("epoch").asText();
        }

        @Override
        public String user() {
            return first.user();
        }

        @Override
        public long sentAway() {
            RawWebSocket.End end = first.end();
            List<JsonNode> told = first.all().stream()
                    .filter(f -> f.get("type").asText().equals("reconnect"))
                    .toList();
            if (end.code() != 1012 || told.size() != 1) {
                throw new AssertionError(end + " after " + told);
            }
            return told.get(0).at("/data/after").asLong();
        }

        @Override
        public void comeBack(Node node) {
            List<Integer> had = numbers(first);
            int seq = had.isEmpty() ? 0 : had.get(had.size() - 1); // the room's first message is 1
            second = first.another(node).answeringPings();
            JsonNode joined = second.join(room, ",\"since\":{\"epoch\":\"" + epoch + "\",\"seq\":" + seq + "}");
            if (!joined.get("recovered").asBoolean()) {
                throw new AssertionError("not recovered: " + joined);
            }
        }

        private List<Integer> numbers(RawWebSocket socket) {
            return socket.all().stream()
                    .filter(f -> f.get("type").asText().equals("room.published")
                            && f.at("/data/room").asText().equals(room))
                    .map(f -> f.at("/data/payload").asInt())
                    .toList();
        }

        @Override
        public List<Integer> numbers(int last) {
            List<Integer> numbers = new ArrayList<>(numbers(first));
            if (!numbers.contains(last)) {
                second.next(f -> f.at("/data/payload").asInt() == last, "message " + last);
            }
            numbers.addAll(numbers(second));
            return numbers;
        }

        @Override
        public void close() {
            first.close();
            if (second != null) {
                second.close();
            }
        }
    }

    final class OfEventStream implements Mover {
        private final String room;
        private final EventStream first;
        private final JsonNode opened;
        private EventStream second;

        OfEventStream(Node node, String room) {
            this.room = room;
            first = EventStream.open(node, "room=" + room);
            opened = first.next("session.opened").content();
            first.next("room.joined");
        }

        @Override
        public String user() {
            return opened.get("user").asText();
        }

        @Override
        public long sentAway() {
            long after = first.next("reconnect").content().get("after").asLong();
            JsonNode closed = first.next("session.closed").content();
            if (closed.get("code").asInt() != 1012 || !closed.get("reconnect").asBoolean()) {
                throw new AssertionError(closed.toString());
            }
            if (!first.ends(Duration.ofSeconds(10))) {
                throw new AssertionError("the stream does not end");
            }
            return after;
        }

        @Override
        public void comeBack(Node node) {
            String cursor = first.events().stream()
                    .map(EventStream.Event::id)
                    .filter(Objects::nonNull)
                    .reduce((one, other) -> other)
                    .orElseThrow();
            String query = "room=" + room + "&anon=" + opened.get("anon").asText();
            second = EventStream.open(node, query, "Last-Event-ID: " + cursor);
            if (!second.next("room.joined").content().get("recovered").asBoolean()) {
                throw new AssertionError("not recovered");
            }
        }

        private static List<Integer> numbers(EventStream stream) {
            return stream.events().stream()
                    .filter(e -> e.event().equals("room.published"))
                    .map(e -> e.content().get("payload").asInt())
                    .toList();
        }

        @Override
        public List<Integer> numbers(int last) {
            List<Integer> numbers = new ArrayList<>(numbers(first));
            while (!numbers.contains(last) && !numbers(second).contains(last)) {
                second.next("room.published");
            }
            numbers.addAll(numbers(second));
            return numbers;
        }

        @Override
        public void close() {
            first.close();
            if (second != null) {
                second.close();
            }
        }
    }
}
