package dev.hubbub.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import dev.hubbub.support.FakeClock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryPresenceStoreTest extends PresenceStoreContract {
    private final FakeClock clock = new FakeClock();
    private final InMemoryPresenceStore store = new InMemoryPresenceStore(Settings.of(Map.of()), clock);

    @Override
    protected PresenceStore store() {
        return store;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
        store.tick();
    }

    @Test
    void aForgottenRoomLeavesNothingBehindOnceItsLastMemberLeft() {
        RoomName room = new RoomName("lobby");
        ConnectionId conn = new ConnectionId("c");
        UserId ann = new UserId("ann");
        store.enter(room, new PresenceStore.Presence(conn, ann, null), null);
        store.leave(room, conn, ann, false);
        store.forget(room);
        assertThat(store.count()).isEqualTo(1);
        pass(GRACE);
        assertThat(store.count()).isZero();
    }
}
