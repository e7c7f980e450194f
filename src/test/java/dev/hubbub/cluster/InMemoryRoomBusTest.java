package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.support.FakeClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryRoomBusTest extends RoomBusContract {
    private final FakeClock clock = new FakeClock();
    private final RoomBus bus = new InMemoryRoomBus(Settings.of(Map.of()), clock);
    private final RoomName lobby = new RoomName("lobby");

    @Override
    protected RoomBus bus() {
        return bus;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }

    @Test
    void aDetachedRoomBeginsAgainWithAnotherEpoch() {
        String before = get(bus.attach(lobby, listening(message -> {}))).epoch();
        get(bus.publish(lobby, new Publication(Raw.body("1"), sender("ann"), null, true)));
        bus.detach(lobby);
        var head = get(bus.attach(lobby, listening(message -> {})));
        assertThat(head.epoch()).isNotEqualTo(before);
        assertThat(head.seq()).isZero();
    }

    @Test
    void aPublishToARoomThatNobodyHearsIsUnavailable() {
        PublishOutcome outcome = get(bus.publish(lobby, new Publication(Raw.body("1"), sender("ann"), null, true)));
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        PublishOutcome.Refused.class,
                        refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void theTimeOfAMessageIsTheClocks() {
        get(bus.attach(lobby, listening(message -> {})));
        clock.advance(Duration.ofSeconds(7));
        var outcome = (PublishOutcome.Accepted)
                get(bus.publish(lobby, new Publication(Raw.body("1"), sender("ann"), null, true)));
        assertThat(outcome.ts()).isEqualTo(clock.millis());
    }
}
