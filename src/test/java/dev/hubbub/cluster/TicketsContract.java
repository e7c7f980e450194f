package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Race;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link Tickets} does. */
public abstract class TicketsContract {
    protected abstract Tickets tickets();

    protected abstract void pass(Duration time);

    /** How much time may pass by itself, where the clock is another's. */
    protected Duration slack() {
        return Duration.ofMillis(1);
    }

    @Test
    void aTicketGivesItsHolderBack() {
        String ticket = tickets().issue("ann\nwith lines and ü");
        assertThat(tickets().take(ticket)).contains("ann\nwith lines and ü");
    }

    @Test
    void aTicketIsGoodOnce() {
        String ticket = tickets().issue("ann");
        assertThat(tickets().take(ticket)).isPresent();
        assertThat(tickets().take(ticket)).isEmpty();
    }

    @Test
    void ofSixteenThatTakeOneTicketOneGetsIt() {
        for (int round = 0; round < 50; round++) {
            String ticket = tickets().issue("ann");
            List<Optional<String>> taken = Race.run(16, thread -> tickets().take(ticket));
            assertThat(taken).filteredOn(Optional::isPresent).hasSize(1);
        }
    }

    @Test
    void aTicketIsGoodUntilItsTimeIsOver() {
        String early = tickets().issue("ann");
        String late = tickets().issue("ben");
        pass(Duration.ofMillis(Tickets.LIFE_MS).minus(slack()));
        assertThat(tickets().take(early)).isPresent();
        pass(slack());
        assertThat(tickets().take(late)).isEmpty();
    }

    @Test
    void aStreamsTicketIsGoodForItsReconnectsAlone() {
        String ticket = tickets().issue("ann");
        assertThat(tickets().takeForStream(ticket, true)).contains("ann");
        assertThat(tickets().takeForStream(ticket, false)).isEmpty();
        assertThat(tickets().take(ticket)).isEmpty();
        pass(Duration.ofMillis(Tickets.LIFE_MS + 1));
        assertThat(tickets().takeForStream(ticket, true)).contains("ann");
    }

    @Test
    void aSocketsTicketIsNoStreams() {
        String ticket = tickets().issue("ann");
        assertThat(tickets().take(ticket)).isPresent();
        assertThat(tickets().takeForStream(ticket, true)).isEmpty();
    }

    @Test
    void anUnknownTicketIsNone() {
        assertThat(tickets().take("")).isEmpty();
        assertThat(tickets().take("no such ticket")).isEmpty();
    }

    @Test
    void ticketsFitIntoAUrlAndNeverRepeat() {
        Set<String> all = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            String ticket = tickets().issue("ann");
            // 128 bits in base64
            assertThat(ticket).matches("[A-Za-z0-9_-]{22}");
            assertThat(all.add(ticket)).isTrue();
        }
    }
}
