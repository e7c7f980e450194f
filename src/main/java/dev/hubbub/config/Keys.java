package dev.hubbub.config;

import java.util.List;
import java.util.stream.Stream;

/** Every setting that there is. */
public final class Keys {
    private Keys() {}

    private static final String FLAG = "true or false";
    private static final String WHO = "nobody, backend, granted, users or anyone";

    static final Key DEV = new Key("hubbub.dev", "false", FLAG, "development mode: anonymous users, open policies");
    static final Key NODE =
            new Key("hubbub.node", "", "1 to 64 characters of [A-Za-z0-9_.-]", "this node's name; made up where empty");
    static final Key ANONYMOUS =
            new Key("hubbub.auth.anonymous", "false", FLAG, "whether users without credentials are let in");
    static final Key ANONYMOUS_SECRET = new Key(
            "hubbub.auth.anonymous-secret",
            "",
            "empty, or at least 32 characters",
            "signs anonymous ids; made up at each start where empty");
    static final Key LOOPS = new Key(
            "hubbub.delivery.loops",
            "0",
            "0 to 64",
            "delivery loops, and threads that read on for clients that send a lot; 0 is one for every two cores, at least one");
    static final Key BATCH =
            new Key("hubbub.delivery.batch-bytes", "65536", "4096 to 1048576", "most bytes in one write");
    static final Key INLINE = new Key(
            "hubbub.delivery.inline-sessions",
            "16",
            "0 to 10000",
            "up to so many ready sessions are served by the thread that appended");
    static final Key INLINE_IDLE = new Key(
            "hubbub.delivery.idle-inline-sessions",
            "1024",
            "0 to 10000",
            "the same for a loop that had nothing to do for 10 ms");
    static final Key WRITE_DEADLINE = new Key(
            "hubbub.delivery.write-deadline", "PT30S", "PT1S to PT10M", "a write without progress ends with 4201");
    static final Key LOG_BUDGET = new Key(
            "hubbub.log.budget-bytes", "268435456", "1048576 to 1099511627776", "bytes that all rooms' logs may hold");
    static final Key ROOM_LINGER = new Key(
            "hubbub.room.linger",
            "PT1M",
            "PT1S to P1D",
            "an empty room without history is forgotten after this; over Redis a node lets go of any empty room, whose history stays");
    static final Key KEY_TTL =
            new Key("hubbub.idempotency.ttl", "PT5M", "PT1S to P1D", "how long a publish's key is remembered");
    static final Key KEY_MAX = new Key(
            "hubbub.idempotency.max-keys",
            "100000",
            "100 to 100000000",
            "keys remembered, the oldest go first; over Redis all are, for their time");
    static final Key GRACE =
            new Key("hubbub.presence.grace", "PT15S", "PT0S to PT10M", "between the last connection's end and left");
    static final Key COALESCE = new Key(
            "hubbub.presence.coalesce-over",
            "200",
            "1 to 1000000",
            "members above which changes are told together, once a second");
    static final Key COUNT_ONLY = new Key(
            "hubbub.presence.count-over", "2000", "1 to 10000000", "members above which only their count is pushed");
    static final Key LAST_SEEN = new Key(
            "hubbub.presence.last-seen",
            "P30D",
            "PT0S to P365D",
            "how long it is known when an offline user was last connected; PT0S for never");
    static final Key PING = new Key("hubbub.heartbeat.ping", "PT25S", "PT1S to PT10M", "how often a client is pinged");
    static final Key SILENCE =
            new Key("hubbub.heartbeat.silence", "PT60S", "PT2S to PT30M", "silence that ends a connection with 4202");
    static final Key SSE_KEEPALIVE = new Key(
            "hubbub.sse.keepalive", "PT20S", "PT2S to PT25S", "a comment goes out after so long without an event");
    static final Key SSE_RETRY =
            new Key("hubbub.sse.retry", "PT2S", "PT0.1S to PT1M", "when a browser reconnects; jittered by half");
    static final Key COMPRESSION =
            new Key("hubbub.websocket.compression", "false", FLAG, "permessage-deflate where the client offers it");
    static final Key SINK = new Key(
            "hubbub.websocket.sink",
            "jetty",
            "jetty or portable",
            "how frames are written: shared bytes, or Jakarta's");
    static final Key LOGIN = new Key(
            "hubbub.auth.login-within",
            "PT5S",
            "PT0.1S to PT1M",
            "for auth.login on /ws?auth=message; up to a second late");

    static final Key REDIS = new Key(
            "hubbub.redis",
            "",
            "empty, or redis://host:port or rediss://host:port, with [user:password@] and /database where needed",
            "the Redis that makes this node one of many");
    static final Key REDIS_CONFIG = new Key(
            "hubbub.redis.config",
            "",
            "empty, or a readable Redisson YAML file, and hubbub.redis empty",
            "the same for Sentinel, Cluster, TLS and pools");
    static final Key REDIS_QUEUE = new Key(
            "hubbub.redis.queued-publishes",
            "10000",
            "100 to 10000000",
            "publishes of this node that wait for Redis; more are refused with UNAVAILABLE, and on a Cluster more than a master's share of them");
    static final Key REDIS_JOIN = new Key(
            "hubbub.redis.join-within",
            "PT10S",
            "PT1S to PT1M",
            "for a join's turn with Redis to come, else it is refused with UNAVAILABLE");

    static final Key KIND = new Key(
            "hubbub.namespace.*.kind",
            "standard",
            "standard, permanent, ephemeral or reactive",
            "how long a room and who is in it last");
    static final Key HISTORY_SIZE =
            new Key("hubbub.namespace.*.history-size", "1000", "0 to 1000000", "messages that a room keeps");
    static final Key HISTORY_BYTES =
            new Key("hubbub.namespace.*.history-bytes", "8388608", "65536 to 1073741824", "bytes that a room keeps");
    static final Key HISTORY_AGE =
            new Key("hubbub.namespace.*.history-age", "PT24H", "PT1S to P365D", "how long a room keeps a message");
    static final Key PRESENCE = new Key("hubbub.namespace.*.presence", "true", FLAG, "whether rooms have presence");
    static final Key OVERFLOW = new Key(
            "hubbub.namespace.*.overflow",
            "replay",
            "replay, skip, latest or disconnect",
            "what happens to a subscriber that fell behind the log");
    static final Key MAY_JOIN = new Key("hubbub.namespace.*.join", "granted", WHO, "who may join (dev mode: anyone)");
    static final Key MAY_PUBLISH =
            new Key("hubbub.namespace.*.publish", "granted", WHO, "who may publish (dev mode: anyone)");
    static final Key MAY_READ =
            new Key("hubbub.namespace.*.history", "granted", WHO, "who may read history (dev mode: anyone)");
    static final Key MAY_SEE = new Key(
            "hubbub.namespace.*.members", "granted", WHO, "who is seen, and may see who is there (dev mode: anyone)");
    static final Key MAY_KICK = new Key("hubbub.namespace.*.kick", "granted", WHO, "who may take others out");
    static final Key PUBLISHES_PER_MINUTE = new Key(
            "hubbub.namespace.*.publishes-per-minute",
            "0",
            "0 to 1000000",
            "publishes of one user, or of all anonymous users of one address, in the namespace, over all devices and nodes; 0 for any number");

    private static final List<Key> NODE_WIDE = List.of(
            DEV,
            NODE,
            ANONYMOUS,
            ANONYMOUS_SECRET,
            LOGIN,
            LOOPS,
            BATCH,
            INLINE,
            INLINE_IDLE,
            WRITE_DEADLINE,
            LOG_BUDGET,
            ROOM_LINGER,
            KEY_TTL,
            KEY_MAX,
            GRACE,
            COALESCE,
            COUNT_ONLY,
            LAST_SEEN,
            PING,
            SILENCE,
            SSE_KEEPALIVE,
            SSE_RETRY,
            COMPRESSION,
            SINK,
            REDIS,
            REDIS_CONFIG,
            REDIS_QUEUE,
            REDIS_JOIN);

    private static final List<Key> OF_NAMESPACES = List.of(
            KIND,
            HISTORY_SIZE,
            HISTORY_BYTES,
            HISTORY_AGE,
            PRESENCE,
            OVERFLOW,
            MAY_JOIN,
            MAY_PUBLISH,
            MAY_READ,
            MAY_SEE,
            MAY_KICK,
            PUBLISHES_PER_MINUTE);

    /** All of them, those of namespaces last. */
    public static final List<Key> ALL = Stream.of(
                    NODE_WIDE, LimitKeys.ALL, AccessKeys.ALL, HookKeys.ALL, ShutdownKeys.ALL, OF_NAMESPACES)
            .flatMap(List::stream)
            .toList();
}
