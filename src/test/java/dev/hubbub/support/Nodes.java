package dev.hubbub.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes that suites share; their rooms are told apart by {@link #room}. */
public final class Nodes {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Nodes() {}

    /** Whether these nodes have their rooms in Redis: then every suite shows that nobody can tell. */
    private static final boolean OVER_REDIS = Boolean.getBoolean("nodes.redis");

    private static Node start(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        if (OVER_REDIS) {
            RedisServer redis = RedisServer.start();
            Runtime.getRuntime().addShutdownHook(new Thread(redis::kill));
            all.add("-Dhubbub.redis=" + redis.url());
        }
        Node node = Node.start(all.toArray(String[]::new));
        Runtime.getRuntime().addShutdownHook(new Thread(node::close));
        return node;
    }

    private static final class Shared {
        private static final Node NODE = start(
                "-Dhubbub.limits.messages-per-second=100000",
                "-Dhubbub.limits.messages-burst=100000",
                "-Dhubbub.limits.joins-per-second=100000",
                "-Dhubbub.limits.connections-per-user=10000",
                "-Dhubbub.limits.connections-per-ip=10000",
                "-Dhubbub.auth.login-within=PT0.6S",
                "-Dhubbub.presence.grace=PT2S",
                "-Dhubbub.presence.coalesce-over=8",
                "-Dhubbub.presence.count-over=12",
                "-Dhubbub.sse.keepalive=PT3S",
                "-Dhubbub.namespace.small.history-size=10",
                "-Dhubbub.namespace.deep.history-bytes=33554432",
                "-Dhubbub.namespace.none.history-size=0",
                "-Dhubbub.namespace.plain.presence=false",
                "-Dhubbub.namespace.skip.overflow=skip",
                "-Dhubbub.namespace.skip.history-size=200",
                "-Dhubbub.namespace.latest.overflow=latest",
                "-Dhubbub.namespace.cut.overflow=disconnect",
                "-Dhubbub.namespace.cut.history-size=100",
                "-Dhubbub.namespace.replay.history-size=100",
                "-Dhubbub.namespace.closed.join=backend",
                "-Dhubbub.namespace.closed.history=backend",
                "-Dhubbub.namespace.closed.members=backend",
                "-Dhubbub.namespace.mute.publish=backend",
                "-Dhubbub.namespace.gone.kind=ephemeral",
                "-Dhubbub.namespace.here.kind=reactive",
                "-Dhubbub.namespace.club.kind=permanent");
    }

    private static final class Impatient {
        private static final Node NODE = start(
                "-Dhubbub.limits.rooms-per-connection=5",
                "-Dhubbub.limits.joins-per-second=10000",
                "-Dhubbub.limits.connections-per-user=3",
                "-Dhubbub.limits.refusals-per-minute=30",
                "-Dhubbub.heartbeat.ping=PT1S",
                "-Dhubbub.heartbeat.silence=PT6S",
                "-Dhubbub.delivery.write-deadline=PT2S",
                "-Dhubbub.limits.queued-replies=16",
                "-Dhubbub.idempotency.ttl=PT2S",
                "-Dhubbub.namespace.club.kind=permanent",
                "-Dhubbub.namespace.brief.history-age=PT2S",
                "-Dhubbub.namespace.cut.overflow=disconnect",
                "-Dhubbub.namespace.cut.history-size=100");
    }

    private static final class Small {
        private static final Node NODE = start(
                "-Dhubbub.limits.connections-per-node=6",
                "-Dhubbub.limits.connections-per-ip=4",
                "-Dhubbub.limits.connections-per-user=3",
                "-Dhubbub.limits.rooms-per-connection=8",
                "-Dhubbub.limits.joins-per-second=1",
                "-Dhubbub.log.budget-bytes=1048576");
    }

    private static final class Compressing {
        private static final Node NODE = start(
                "-Dhubbub.websocket.compression=true",
                "-Dhubbub.limits.messages-per-second=100000",
                "-Dhubbub.limits.messages-burst=100000",
                "-Dhubbub.delivery.write-deadline=PT2S",
                "-Dhubbub.heartbeat.ping=PT1S",
                "-Dhubbub.heartbeat.silence=PT4S",
                "-Dhubbub.presence.grace=PT0S");
    }

    /** A node whose limits are far away. As the others, it is started when it is first asked for. */
    public static Node shared() {
        return Shared.NODE;
    }

    /** A node that waits for nobody and soon forgets. */
    public static Node impatient() {
        return Impatient.NODE;
    }

    /** A node that has little room: 6 connections, 4 from one address, 3 of a user; 8 rooms in each; 1 MiB of logs. */
    public static Node small() {
        return Small.NODE;
    }

    /** A node that compresses for those who offer it, and so writes the portable way; nearly as impatient. */
    public static Node compressing() {
        return Compressing.NODE;
    }

    /** A room's name that no other test has. */
    public static String room(String namespace) {
        return namespace + ":" + NEXT.incrementAndGet();
    }
}
