package dev.hubbub.redis;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.List;

/** What everything is called in Redis. All of a room is in one slot: its name is the hash tag. */
final class Keyspace {
    private Keyspace() {}

    static String channel(RoomName room) {
        return "hb:{" + room + "}";
    }

    static String head(RoomName room) {
        return channel(room) + ":head";
    }

    static String log(RoomName room) {
        return channel(room) + ":log";
    }

    /** What the scripts take that begin a room, or end it. */
    static List<String> open(RoomName room) {
        return List.of(head(room), log(room), channel(room), names(room));
    }

    /** Where the last batch of a node is kept, so that none is done twice. */
    static String batch(RoomName room, String sender) {
        return channel(room) + ":batch:" + sender;
    }

    static String idempotency(RoomName room, String scope, String key) {
        return channel(room) + ":key:" + scope + ":" + key;
    }

    /** User to member as JSON, with its number of connections. */
    static String users(RoomName room) {
        return channel(room) + ":users";
    }

    /** The users once more, in the order of their names. */
    static String names(RoomName room) {
        return channel(room) + ":names";
    }

    /** User to when its grace ends. */
    static String leaving(RoomName room) {
        return channel(room) + ":leaving";
    }

    /** The incarnations that have connections in a room. */
    static String nodes(RoomName room) {
        return channel(room) + ":nodes";
    }

    /** Connection to user, of one incarnation. */
    static String conns(RoomName room, String incarnation) {
        return channel(room) + ":conns:" + incarnation;
    }

    /** The channel on which all nodes are called. */
    static final String CALLS = "hb:{nodes}:calls";

    /** The channel on which one process is answered. */
    static String answers(String process) {
        return CALLS + ":" + process;
    }

    /** What is written to see whether Redis is there: on a Cluster the master that has what all nodes share. */
    static final String PROBE = "hb:{nodes}:probe";

    /** The same for whatever master has this tag. */
    static String probe(String tag) {
        return "hb:{" + tag + "}:probe";
    }

    /** What each node says of itself. */
    static final String NODES = "hb:{nodes}:told";

    /** What was decided against users. */
    static final String SANCTIONS = "hb:{nodes}:sanctions";

    /** The bans of a room among them, by their end; in one slot with the others. */
    static String bans(RoomName room) {
        return "hb:{nodes}:bans:" + room;
    }

    /** The kicks among the sanctions, by when they were said. */
    static final String KICKS = "hb:{nodes}:kicks";

    /** Incarnation to when its lease ends; in one slot with the other keys of all nodes. */
    static final String LEASES = "hb:{nodes}:leases";
    /** Incarnations whose lease ended, to be swept. */
    static final String DEAD = "hb:{nodes}:dead";
    /** Those that were swept, and when once more. */
    static final String SWEPT = "hb:{nodes}:swept";
    /** Who sweeps now. */
    static final String SWEEPER = "hb:{nodes}:sweeper";

    /** Names of what an incarnation has something in: rooms, quotas behind {@link #QUOTA}, occupied rooms behind {@link #OCCUPIED}. */
    static String held(String incarnation) {
        return "hb:held:" + incarnation;
    }

    /** No room's name begins so, since none has an empty part. */
    static final String QUOTA = ":";

    /** The same for rooms that are occupied: no room's name has it. */
    static final String OCCUPIED = "=";

    /** The incarnations that have connections in a room, and its last change. */
    static String occupancy(RoomName room) {
        return channel(room) + ":occupied";
    }

    /** What is to be sent out; in one slot with its counts, and with who sends. */
    static final String OUTBOX = "hb:{outbox}:items";

    static final String OUTBOX_COUNTS = "hb:{outbox}:counts";
    static final String OUTBOX_SENDER = "hb:{outbox}:sender";

    /** Places that are taken, to the incarnation that took each. */
    static String quota(String name) {
        return "hb:quota:{" + name + "}";
    }

    /** When a bucket is full. */
    static String rate(String name) {
        return "hb:rate:{" + name + "}";
    }

    /** How many keys have all users between them. */
    private static final int SEEN = 16;

    /** Users to when they were last connected: those that share a key, so that many are noted in one request. */
    static String seen(UserId user) {
        return "hb:seen:{" + Math.floorMod(user.value().hashCode(), SEEN) + "}";
    }

    /** The permanent rooms of a user. */
    static String roomsOf(UserId user) {
        return "hb:user:{" + user + "}:rooms";
    }

    static String ticket(String ticket) {
        return "hb:ticket:{" + ticket + "}";
    }

    /** In one slot with the ticket that it was. */
    static String streamTicket(String ticket) {
        return "hb:ticket:{" + ticket + "}:stream";
    }
}
