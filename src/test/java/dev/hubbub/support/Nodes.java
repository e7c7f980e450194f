package dev.hubbub.support;

import java.util.concurrent.atomic.AtomicInteger;

/** One node that suites share whose limits are far away; its rooms are told apart by {@link #room}. */
public final class Nodes {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Nodes() {}

    private static final class Shared {
        private static final Node NODE = start();

        private static Node start() {
            Node node = Node.start(
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
                    "-Dhubbub.namespace.mute.publish=backend");
            Runtime.getRuntime().addShutdownHook(new Thread(node::close));
            return node;
        }
    }

    /** Started when it is first asked for. */
    public static Node shared() {
        return Shared.NODE;
    }

    /** A room's name that no other test has. */
    public static String room(String namespace) {
        return namespace + ":" + NEXT.incrementAndGet();
    }
}
