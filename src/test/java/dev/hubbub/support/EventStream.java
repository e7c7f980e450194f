package dev.hubbub.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A client of server-sent events over a plain socket; each envelope is held against its schema. One thread's. */
public final class EventStream implements AutoCloseable {
    /** One event, or a comment, or a retry time: what is not there is null. */
    public record Event(String id, String event, JsonNode data, String comment, String retry, String text) {
        public JsonNode content() {
            return data.get("data");
        }
    }

    private final Wire wire;
    private final int status;
    private final Map<String, String> headers;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final List<Event> events = new ArrayList<>();
    private int last;
    private int chunk;
    private boolean ended;

    private EventStream(Wire wire, Node node, String query, List<String> more) {
        this.wire = wire;
        String request = "GET /events?" + query + " HTTP/1.1\r\nHost: 127.0.0.1:" + node.port()
                + "\r\nAccept: text/event-stream\r\n"
                + String.join("", more.stream().map(h -> h + "\r\n").toList())
                + "\r\n";
        wire.write(request.getBytes(StandardCharsets.ISO_8859_1));
        Wire.Head head = wire.head(RawWebSocket.PATIENCE);
        status = head.status();
        headers = head.headers();
    }

    public static EventStream open(Node node, String query, String... headers) {
        return new EventStream(new Wire(node.port(), 0), node, query, List.of(headers));
    }

    /** From one of this machine's addresses, such as 127.0.0.7. */
    public static EventStream openFrom(Node node, String address, String query) {
        return new EventStream(new Wire(node.port(), 0, address), node, query, List.of());
    }

    /** A stream of which the kernel holds few bytes, so that it stalls soon when it does not read. */
    public static EventStream openNarrow(Node node, String query) {
        return new EventStream(new Wire(node.port(), 4096), node, query, List.of());
    }

    public int status() {
        return status;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** The problem of a refusal. */
    public JsonNode problem() {
        int length = Integer.parseInt(headers.get("content-length"));
        wire.await(length, Wire.deadline(RawWebSocket.PATIENCE));
        return SchemaCheck.json(new String(wire.take(length), StandardCharsets.UTF_8));
    }

    /** All events that carried data, so far. */
    public List<Event> events() {
        return events;
    }

    private int read(long deadline) {
        while (chunk == 0) {
            StringBuilder size = new StringBuilder();
            while (size.toString().isBlank() || size.charAt(size.length() - 1) != '\n') {
                if (size.toString().isBlank()) {
                    size.setLength(0); // the line end of the chunk before
                }
                if (!wire.await(1, deadline)) {
                    return -1;
                }
                size.append((char) wire.take(1)[0]);
            }
            chunk = Integer.parseInt(size.toString().trim(), 16);
            if (chunk == 0) {
                ended = true;
                return -1;
            }
        }
        if (!wire.await(1, deadline)) {
            return -1;
        }
        chunk--;
        return wire.take(1)[0] & 0xff;
    }

    /** The text up to the next blank line; null where none comes in time or the stream has ended. */
    public Event poll(Duration within) {
        long deadline = Wire.deadline(within);
        while (true) {
            int read = read(deadline);
            if (read < 0) {
                return null;
            }
            line.write(read);
            boolean blank = read == '\n' && last == '\n';
            last = read;
            if (blank) {
                String text = line.toString(StandardCharsets.UTF_8);
                line.reset();
                last = 0;
                return event(text);
            }
        }
    }

    private Event event(String text) {
        String id = null;
        String event = null;
        JsonNode data = null;
        String comment = null;
        String retry = null;
        for (String each : text.split("\n")) {
            int colon = each.indexOf(':');
            String value = each.substring(colon + 1).replaceFirst("^ ", "");
            switch (each.substring(0, colon)) {
                case "" -> comment = value;
                case "id" -> id = value;
                case "event" -> event = value;
                case "retry" -> retry = value;
                case "data" -> {
                    if (data != null) {
                        throw new AssertionError("more than one data line: " + text);
                    }
                    data = SchemaCheck.check(value);
                }
                default -> throw new AssertionError("no field of an event: " + each);
            }
        }
        Event made = new Event(id, event, data, comment, retry, text);
        if (data != null) {
            if (!data.get("type").asText().equals(event)) {
                throw new AssertionError("event and type differ: " + text);
            }
            events.add(made);
        }
        return made;
    }

    public Event next() {
        Event event = poll(RawWebSocket.PATIENCE);
        if (event == null) {
            throw new AssertionError("no event came");
        }
        return event;
    }

    /** The next event of a type; others before it are passed over. */
    public Event next(String type) {
        return next(type::equals, type);
    }

    /** As {@link #next(String)}, of any type that fits. */
    public Event next(Predicate<String> wanted, String what) {
        long deadline = Wire.deadline(RawWebSocket.PATIENCE);
        while (true) {
            Event event = poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            if (event == null) {
                throw new AssertionError("no " + what + " came; before it " + events);
            }
            if (event.event() != null && wanted.test(event.event())) {
                return event;
            }
        }
    }

    /** Reads on until the server ends the stream in order. */
    public boolean ends(Duration within) {
        long deadline = Wire.deadline(within);
        while (!ended && System.nanoTime() < deadline) {
            poll(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
        return ended;
    }

    /** Any bytes; false where the other end has cut the connection. */
    public boolean raw(byte[] bytes) {
        return wire.write(bytes);
    }

    /** Resets the connection. */
    public void reset() {
        wire.reset();
    }

    @Override
    public void close() {
        wire.close();
    }
}
