package dev.hubbub.cluster;

import dev.hubbub.support.FakeClock;
import java.time.Duration;

class InMemoryTicketsTest extends TicketsContract {
    private final FakeClock clock = new FakeClock();
    private final Tickets tickets = new InMemoryTickets(clock);

    @Override
    protected Tickets tickets() {
        return tickets;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }
}
