package dev.hubbub.cluster;

import dev.hubbub.support.FakeClock;
import java.time.Duration;

class InMemoryTicketsTest extends TicketsContract {
    private final FakeClock clock = new FakeClock();
    private final Tickets tickets = new InMemoryTickets(clock);

    @Override
    Tickets tickets() {
        return tickets;
    }

    @Override
    void pass(Duration time) {
        clock.advance(time);
    }
}
