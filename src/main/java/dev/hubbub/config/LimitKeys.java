package dev.hubbub.config;

import java.util.List;

/** The settings of how much a client may do; those of handshakes are with the other settings of the door. */
final class LimitKeys {
    private static final long HALF_A_MINUTE_MS = 30_000;

    private LimitKeys() {}

    static final Key LIMITS = new Key(
            "hubbub.limits.enabled",
            "true",
            "true or false",
            "false turns every rate and count limit off: measurements");
    static final Key MESSAGE_BYTES =
            new Key("hubbub.limits.message-bytes", "16384", "512 to 1048576", "largest inbound message, in bytes");
    static final Key BATCHES = new Key(
            "hubbub.limits.batches",
            "20",
            "1 to 1000",
            "bodies of POST /api/v1/messages that come in or are looked at, as so many of the largest (100 messages); half of it, where it is more than 1, is for backends alone");
    static final Key BATCHES_PER_USER = new Key(
            "hubbub.limits.batches-per-user",
            "2",
            "1 to 1000",
            "what one user, or the anonymous users of one address, may have of it; backends have no such share");
    static final Key ANSWER_BYTES = new Key(
            "hubbub.limits.answer-bytes",
            "67108864",
            "65536 to 1073741824",
            "bytes of answers of the API and of /metrics, of more than 8 KiB each, that nobody has read yet; half of it is for backends and /metrics alone");
    static final Key ANSWER_BYTES_PER_USER = new Key(
            "hubbub.limits.answer-bytes-per-user",
            "4194304",
            "65536 to 1073741824",
            "what one user, or the anonymous users of one address, may have of it, and one answer whatever its size; backends have no such share");
    static final Key ANSWER_TIME = new Key(
            "hubbub.limits.answer-time", "PT1M", "PT1S to PT1H", "for such an answer to be read, else it is cut off");
    static final Key JSON_DEPTH =
            new Key("hubbub.limits.json-depth", "32", "4 to 256", "deepest nesting of an inbound message");
    static final Key ROOMS =
            new Key("hubbub.limits.rooms-per-connection", "128", "1 to 10000", "rooms that one connection may be in");
    static final Key MESSAGES_PER_SECOND = new Key(
            "hubbub.limits.messages-per-second", "10", "1 to 100000", "inbound messages of one connection, sustained");
    static final Key MESSAGES_BURST =
            new Key("hubbub.limits.messages-burst", "20", "1 to 100000", "inbound messages of one connection at once");
    static final Key FRAMES_PER_SECOND = new Key(
            "hubbub.limits.frames-per-second",
            "0",
            "0 to 1000000",
            "frames of one connection that are read, whatever is in them; 0 is fifty times its messages and joins");
    static final Key JOINS_PER_SECOND =
            new Key("hubbub.limits.joins-per-second", "10", "1 to 100000", "joins of one connection, sustained");
    static final Key VIOLATIONS = new Key(
            "hubbub.limits.violations-per-minute",
            "10",
            "1 to 1000",
            "malformed messages within a minute that end a connection with 1008");
    static final Key REFUSALS = new Key(
            "hubbub.limits.refusals-per-minute",
            "100",
            "1 to 2000",
            "messages refused for their rate within a minute that end a connection with 4204");
    static final Key REFUSAL_PAUSE = new Key(
            "hubbub.limits.refusal-pause",
            "PT0.01S",
            "PT0S to PT0.1S",
            "nothing is read of a WebSocket connection for so long after each of its messages that was refused for its rate or malformed, and so long an answer waits that refuses a handshake, or a request before it is looked at; so many refusals as end a connection have to fit into half a minute");
    static final Key CONNECTIONS =
            new Key("hubbub.limits.connections-per-node", "50000", "1 to 10000000", "connections of this node");
    static final Key CONNECTIONS_PER_USER = new Key(
            "hubbub.limits.connections-per-user",
            "20",
            "1 to 1000000",
            "connections of one user, or by one API key; and their handshakes in a second, where that is more than one address may");
    static final Key CONNECTIONS_PER_IP =
            new Key("hubbub.limits.connections-per-ip", "100", "1 to 1000000", "connections from one address");
    static final Key REPLIES = new Key(
            "hubbub.limits.queued-replies",
            "128",
            "8 to 100000",
            "answers that wait for a client that does not read them");
    static final Key WAITING = new Key(
            "hubbub.limits.waiting-requests",
            "256",
            "8 to 100000",
            "requests of one connection that wait for an earlier one about the same room");
    static final Key STREAMS =
            new Key("hubbub.limits.streams-per-connection", "8", "1 to 1000", "streaming answers at once");
    static final Key BANS = new Key(
            "hubbub.limits.bans-per-room",
            "1000",
            "1 to 100000",
            "users who are banned from one room at once, over all nodes; more bans are refused");

    static final List<Key> ALL = List.of(
            LIMITS,
            MESSAGE_BYTES,
            BATCHES,
            BATCHES_PER_USER,
            ANSWER_BYTES,
            ANSWER_BYTES_PER_USER,
            ANSWER_TIME,
            JSON_DEPTH,
            ROOMS,
            MESSAGES_PER_SECOND,
            MESSAGES_BURST,
            FRAMES_PER_SECOND,
            JOINS_PER_SECOND,
            VIOLATIONS,
            REFUSALS,
            REFUSAL_PAUSE,
            CONNECTIONS,
            CONNECTIONS_PER_USER,
            CONNECTIONS_PER_IP,
            REPLIES,
            WAITING,
            STREAMS,
            BANS);

    /** What is configured; where limits are off, those that may be are far away. */
    static Settings.Limits limits(Source source) {
        boolean on = source.flag(LIMITS);
        return new Settings.Limits(
                on,
                source.number(MESSAGE_BYTES),
                source.number(BATCHES),
                limit(source, on, BATCHES_PER_USER),
                source.number(ANSWER_BYTES),
                limit(source, on, ANSWER_BYTES_PER_USER),
                source.millis(ANSWER_TIME),
                source.number(JSON_DEPTH),
                limit(source, on, ROOMS),
                limit(source, on, MESSAGES_PER_SECOND),
                limit(source, on, MESSAGES_BURST),
                source.number(FRAMES_PER_SECOND),
                limit(source, on, JOINS_PER_SECOND),
                limit(source, on, VIOLATIONS),
                limit(source, on, REFUSALS),
                refusalPause(source),
                limit(source, on, CONNECTIONS),
                limit(source, on, CONNECTIONS_PER_USER),
                limit(source, on, CONNECTIONS_PER_IP),
                limit(source, on, AccessKeys.HANDSHAKES_PER_SECOND),
                limit(source, on, AccessKeys.HANDSHAKES_BURST),
                // their bucket is made at once, and none is filled that fast
                source.number(AccessKeys.NODE_HANDSHAKES_PER_SECOND),
                source.number(AccessKeys.NODE_HANDSHAKES_BURST),
                source.millis(AccessKeys.HEADER_TIME),
                source.millis(AccessKeys.BODY_TIME),
                source.number(REPLIES),
                limit(source, on, WAITING),
                limit(source, on, STREAMS),
                limit(source, on, BANS));
    }

    private static int limit(Source source, boolean on, Key key) {
        int value = source.number(key);
        return on ? value : Integer.MAX_VALUE;
    }

    /** In ms; with it so many as end a connection have to fit into the minute in which they count, with room to spare. */
    private static long refusalPause(Source source) {
        long pauseMs = source.millis(REFUSAL_PAUSE);
        if (!source.flag(LIMITS)) {
            return pauseMs;
        }
        int most = source.number(REFUSALS) + source.number(VIOLATIONS);
        if (most * pauseMs > HALF_A_MINUTE_MS) {
            throw new ConfigurationException(
                    REFUSAL_PAUSE.name(),
                    source.text(REFUSAL_PAUSE),
                    "no more than half a minute for all of " + REFUSALS.name() + " and " + VIOLATIONS.name() + " ("
                            + most + ")");
        }
        return pauseMs;
    }
}
