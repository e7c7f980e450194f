package dev.hubbub.redis;

import dev.hubbub.cluster.Tickets;
import dev.hubbub.cluster.TicketsContract;
import dev.hubbub.support.RedisServer;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisTicketsTest extends TicketsContract {
    private static RedisServer server;
    private static PresenceNode node;

    @BeforeAll
    static void start() {
        server = RedisServer.start();
        node = new PresenceNode(server);
    }

    @AfterAll
    static void end() {
        node.close();
        server.close();
    }

    @Override
    protected Tickets tickets() {
        return new RedisTickets(node.link()); // each call another node, as it were
    }

    @Override
    protected void pass(Duration time) {
        PassingTime.in(server, time);
    }

    @Override
    protected Duration slack() {
        return Duration.ofSeconds(5);
    }
}
