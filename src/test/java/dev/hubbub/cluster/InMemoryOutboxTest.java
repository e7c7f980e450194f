package dev.hubbub.cluster;

import dev.hubbub.config.Settings;
import dev.hubbub.support.FakeClock;
import java.util.Map;

class InMemoryOutboxTest extends OutboxContract {
    private final Outbox outbox =
            new InMemoryOutbox(Settings.of(Map.of("hubbub.webhook.queue", String.valueOf(MOST))), new FakeClock());

    @Override
    protected Outbox outbox() {
        return outbox;
    }
}
