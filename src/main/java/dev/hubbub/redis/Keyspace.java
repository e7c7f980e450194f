package dev.hubbub.redis;

import dev.hubbub.protocol.RoomName;

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

    /** Where the last batch of a node is kept, so that none is done twice. */
    static String batch(RoomName room, String sender) {
        return channel(room) + ":batch:" + sender;
    }

    static String idempotency(RoomName room, String scope, String key) {
        return channel(room) + ":key:" + scope + ":" + key;
    }

    static String ticket(String ticket) {
        return "hb:ticket:" + ticket;
    }

    static String streamTicket(String ticket) {
        return "hb:ticket:stream:" + ticket;
    }
}
