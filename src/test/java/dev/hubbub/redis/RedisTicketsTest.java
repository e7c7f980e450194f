package dev.hubbub.redis;

import dev.hubbub.cluster.Tickets;
import dev.hubbub.cluster.TicketsContract;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;

class RedisTicketsTest extends TicketsContract {
    @RegisterExtension
    static final NodeOnRedis REDIS = new NodeOnRedis(PresenceNode::new);

    @Override
    protected Tickets tickets() {
        return new RedisTickets(REDIS.node().link()); // each call another node, as it were
    }

    @Override
    protected void pass(Duration time) {
        PassingTime.in(REDIS.server(), time);
    }

    @Override
    protected Duration slack() {
        return Duration.ofSeconds(5);
    }
}
