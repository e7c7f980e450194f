package dev.hubbub.cluster;

import dev.hubbub.config.Settings;
import dev.hubbub.support.FakeClock;
import java.time.Duration;
import java.util.Map;

class InMemoryPresenceStoreTest extends PresenceStoreContract {
    private final FakeClock clock = new FakeClock();
    private final PresenceStore store = new InMemoryPresenceStore(Settings.of(Map.of()), clock);

    @Override
    PresenceStore store() {
        return store;
    }

    @Override
    void pass(Duration time) {
        clock.advance(time);
        store.tick();
    }
}
