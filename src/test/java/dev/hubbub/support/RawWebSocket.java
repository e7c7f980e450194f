package dev.hubbub.support;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A WebSocket client over a plain socket: it can send any bytes, reads only when asked to, and answers neither pings nor
 * closes unless told. Each text frame that it receives is held against its schema. One thread's.
 */
public final class RawWebSocket implements AutoCloseable {
    /** How long a read waits. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;
    public static final int FIN = 0x80;
    private static final byte[] MASK = {0x5a, 0x11, 0x00, (byte) 0xc3};

    /** One frame as it came. */
    public record Frame(int first, byte[] payload) {
        public int opcode() {
            return first & 0xf;
        }

        public boolean isFinal() {
            return (first & FIN) != 0;
        }

        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    /** How a connection ended: 1005 for a close without code, 1006 where the socket ended without one. */
    public record End(int code, String reason) {}

    private final Wire wire;
    private final int status;
    private final Map<String, String> headers;
    private final boolean checked;
    /** Null where compression was not agreed upon. */
    private final Deflate deflate;

    private String body = "";
    private JsonNode opened;
    private int lastId;
    private boolean answersPings;
    private int pings;
    private End end;
    private final List<JsonNode> all = new ArrayList<>();
    private final Deque<JsonNode> pending = new ArrayDeque<>();

    private RawWebSocket(Wire wire, int port, String path, List<String> more) {
        this.wire = wire;
        checked = path.startsWith("/ws");
        wire.write(request(port, path, more));
        Wire.Head head = wire.head(PATIENCE);
        status = head.status();
        headers = head.headers();
        deflate = Deflate.agreed(headers.getOrDefault("sec-websocket-extensions", ""));
        if (status != 101) {
            int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
            if (wire.await(length, Wire.deadline(PATIENCE))) {
                body = new String(wire.take(length), StandardCharsets.UTF_8);
            }
        }
    }

    private static byte[] request(int port, String path, List<String> more) {
        StringBuilder request = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
        if (!more.contains("Upgrade: none")) {
            request.append("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        }
        more.stream().filter(h -> !h.equals("Upgrade: none")).forEach(h -> request.append(h + "\r\n"));
        return request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** A handshake whose connection is reset as soon as it was sent. */
    public static void cutOff(Node node, String path) {
        Wire wire = new Wire(node.port(), 0);
        wire.write(request(node.port(), path, List.of()));
        wire.reset();
    }

    /** A handshake with further header lines; {@code "Upgrade: none"} leaves out what makes it one. */
    public static RawWebSocket handshake(Node node, String path, String... headers) {
        return new RawWebSocket(new Wire(node.port(), 0), node.port(), path, List.of(headers));
    }

    /** A handshake from one of this machine's addresses, such as 127.0.0.7. */
    public static RawWebSocket handshakeFrom(Node node, String address, String path, String... headers) {
        return new RawWebSocket(new Wire(node.port(), 0, address), node.port(), path, List.of(headers));
    }

    /** A session from one of this machine's addresses, opened. */
    public static RawWebSocket openFrom(Node node, String address, String path) {
        return handshakeFrom(node, address, path).awaitOpened();
    }

    /** A session of a new user, opened. */
    public static RawWebSocket open(Node node) {
        return open(node, "/ws");
    }

    /** A session, opened by a handshake with further header lines. */
    public static RawWebSocket open(Node node, String path, String... headers) {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Sec-WebSocket-Protocol: hubbub.v1");
        return handshake(node, path, all.toArray(String[]::new)).awaitOpened();
    }

    /** A session of which the kernel holds few bytes, so that it stalls soon when it does not read. */
    public static RawWebSocket openNarrow(Node node, String... headers) {
        return new RawWebSocket(new Wire(node.port(), 4096), node.port(), "/ws", List.of(headers)).awaitOpened();
    }

    /** A further session of the same user. */
    public RawWebSocket another(Node node) {
        return open(node, "/ws?anon=" + anon());
    }

    private RawWebSocket awaitOpened() {
        if (status != 101) {
            throw new AssertionError("handshake: " + status + " " + body);
        }
        opened = next("session.opened");
        return this;
    }

    public int status() {
        return status;
    }

    /** By lower-case name. */
    public Map<String, String> headers() {
        return headers;
    }

    public String body() {
        return body;
    }

    /** The problem that a handshake was refused with. */
    public JsonNode problem() {
        return SchemaCheck.json(body);
    }

    /** The data of session.opened. */
    public JsonNode opened() {
        return opened.get("data");
    }

    public String user() {
        return opened().get("user").asText();
    }

    public String conn() {
        return opened().get("conn").asText();
    }

    public String anon() {
        return opened().get("anon").asText();
    }

    public RawWebSocket answeringPings() {
        answersPings = true;
        return this;
    }

    /** Ping frames received so far. */
    public int pings() {
        return pings;
    }

    // sending

    /** A frame: its first byte (FIN, RSV, opcode) and a masked payload. */
    public static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int length = payload.length;
        if (length < 126) {
            out.write(0x80 | length);
        } else if (length < 65536) {
            out.write(0x80 | 126);
            out.write(length >> 8);
            out.write(length);
        } else {
            out.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) length >> shift));
            }
        }
        out.writeBytes(MASK);
        for (int i = 0; i < length; i++) {
            out.write(payload[i] ^ MASK[i % 4]);
        }
        return out.toByteArray();
    }

    public static byte[] frame(int first, String payload) {
        return frame(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] closeFrame(int code, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        byte[] payload = new byte[2 + text.length];
        payload[0] = (byte) (code >> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, 2, text.length);
        return frame(FIN | CLOSE, payload);
    }

    /** Any bytes; false where the other end has closed. */
    public boolean raw(byte[] bytes) {
        return wire.write(bytes);
    }

    /** A text message, compressed where that was agreed upon. */
    public RawWebSocket send(String text) {
        raw(deflate == null ? frame(FIN | TEXT, text) : frame(FIN | Deflate.RSV1 | TEXT, deflated(text)));
        return this;
    }

    /** The payload of a compressed text message. */
    public byte[] deflated(String text) {
        return deflate.compress(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A request without an id. */
    public RawWebSocket tell(String type, String data) {
        return send("{\"type\":\"" + type + "\",\"data\":" + data + "}");
    }

    /** Sends a request and returns its id. */
    public String ask(String type, String data) {
        String id = "q" + ++lastId;
        send("{\"type\":\"" + type + "\",\"id\":\"" + id + "\",\"data\":" + data + "}");
        return id;
    }

    /** The first answer to a request, which may be an error. */
    public JsonNode request(String type, String data) {
        return answer(ask(type, data));
    }

    /** As {@link #request}, and it must succeed. */
    public JsonNode ok(String type, String data) {
        JsonNode answer = request(type, data);
        if (answer.get("type").asText().equals("error")) {
            throw new AssertionError(type + " " + data + ": " + answer);
        }
        return answer.get("data");
    }

    /** As {@link #request}, and it must fail. Returns the error's data. */
    public JsonNode fails(String type, String data) {
        JsonNode answer = request(type, data);
        if (!answer.get("type").asText().equals("error")) {
            throw new AssertionError(type + " " + data + ": " + answer);
        }
        return answer.get("data");
    }

    public JsonNode join(String room) {
        return join(room, "");
    }

    /** @param more further members, each with a comma before it */
    public JsonNode join(String room, String more) {
        return ok("room.join", "{\"room\":\"" + room + "\"" + more + "}");
    }

    public JsonNode publish(String room, String payload) {
        return publish(room, payload, "");
    }

    public JsonNode publish(String room, String payload, String more) {
        return ok("room.publish", "{\"room\":\"" + room + "\",\"payload\":" + payload + more + "}");
    }

    // receiving

    /** The next frame of any kind; null where none comes in time or the socket has ended. */
    public Frame read(Duration within) {
        long deadline = Wire.deadline(within);
        if (!wire.await(2, deadline)) {
            return null;
        }
        int length = wire.peek(1);
        if ((length & 0x80) != 0) {
            throw new AssertionError("a server's frame must not be masked");
        }
        int header = length < 126 ? 2 : length == 126 ? 4 : 10;
        if (!wire.await(header, deadline)) {
            return null;
        }
        long size = length < 126 ? length : 0;
        for (int i = 2; i < header; i++) {
            size = size << 8 | wire.peek(i);
        }
        if (!wire.await(header + (int) size, deadline)) {
            return null;
        }
        byte[] head = wire.take(header);
        return received(new Frame(head[0] & 0xff, wire.take((int) size)));
    }

    private Frame received(Frame frame) {
        switch (frame.opcode()) {
            case TEXT, CONTINUATION -> {
                if (checked && deflate == null && frame.first() != (FIN | TEXT)) {
                    throw new AssertionError("a text frame begins with " + Integer.toHexString(frame.first()));
                }
                String text = !checked ? null : deflate == null ? frame.text() : deflate.message(frame);
                if (text != null) {
                    JsonNode json = SchemaCheck.check(text);
                    all.add(json);
                    pending.add(json);
                }
            }
            case PING -> {
                pings++;
                if (answersPings) {
                    raw(frame(FIN | PONG, frame.payload()));
                }
            }
            case CLOSE -> {
                byte[] p = frame.payload();
                end = p.length < 2
                        ? new End(1005, "")
                        : new End(
                                (p[0] & 0xff) << 8 | (p[1] & 0xff),
                                new String(Arrays.copyOfRange(p, 2, p.length), StandardCharsets.UTF_8));
            }
            default -> {}
        }
        return frame;
    }

    /** The first of the frames not yet asked for, or still to come, that fits; those before it stay. */
    public JsonNode next(Predicate<JsonNode> wanted, String what) {
        JsonNode found = poll(wanted, PATIENCE);
        if (found == null) {
            throw new AssertionError("no " + what + " came; end " + end + ", pending " + pending);
        }
        return found;
    }

    /** As {@link #next}, null where none comes in time. */
    public JsonNode poll(Predicate<JsonNode> wanted, Duration within) {
        for (Iterator<JsonNode> i = pending.iterator(); i.hasNext(); ) {
            JsonNode candidate = i.next();
            if (wanted.test(candidate)) {
                i.remove();
                return candidate;
            }
        }
        long deadline = Wire.deadline(within);
        while (true) {
            int before = pending.size();
            Frame frame = read(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            if (frame == null || frame.opcode() == CLOSE) {
                return null;
            }
            if (pending.size() > before && wanted.test(pending.getLast())) {
                return pending.removeLast();
            }
        }
    }

    public JsonNode next(String type) {
        return next(f -> f.get("type").asText().equals(type), type);
    }

    /** The next frame in the order of arrival. */
    public JsonNode next() {
        return next(f -> true, "frame");
    }

    public JsonNode answer(String id) {
        return next(f -> f.path("id").asText().equals(id), "answer to " + id);
    }

    /** The data of the next message of a room. */
    public JsonNode message(String room) {
        return next(
                        f -> f.get("type").asText().equals("room.published")
                                && f.get("data").get("room").asText().equals(room),
                        "message of " + room)
                .get("data");
    }

    /** Asks for a pong and forgets nothing that comes before it: all that was answered before has arrived then. */
    public RawWebSocket barrier() {
        request("ping", "{}");
        return this;
    }

    /** What has arrived and was not asked for, in order. */
    public List<JsonNode> pending() {
        return List.copyOf(pending);
    }

    /** Everything that has ever arrived. */
    public List<JsonNode> all() {
        return all;
    }

    /** Reads on until the connection's end, answers a close as one must, and sees the socket end. */
    public End end() {
        return end(PATIENCE);
    }

    public End end(Duration within) {
        long deadline = Wire.deadline(within);
        while (end == null) {
            if (read(Duration.ofNanos(Math.max(0, deadline - System.nanoTime()))) == null) {
                if (System.nanoTime() >= deadline) {
                    throw new AssertionError("the connection does not end");
                }
                end = new End(1006, "");
                return end;
            }
        }
        if (end.code() != 1006) {
            raw(end.code() == 1005 ? frame(FIN | CLOSE, new byte[0]) : closeFrame(end.code(), ""));
        }
        Wire.Got got = Wire.Got.BYTES;
        while (got == Wire.Got.BYTES) {
            got = wire.fill(deadline);
        }
        if (got == Wire.Got.NOTHING) {
            throw new AssertionError("after the close the server keeps the socket open");
        }
        return end;
    }

    /** Closes with a code and waits for the answer. */
    public End close(int code) {
        raw(closeFrame(code, ""));
        return end();
    }

    /** Closes without a code and waits for the answer. */
    public End closeWithoutCode() {
        raw(frame(FIN | CLOSE, new byte[0]));
        return end();
    }

    /** Resets the connection. */
    public void reset() {
        wire.reset();
    }

    /** Lets the socket go, without a close frame. */
    @Override
    public void close() {
        wire.close();
    }
}
