package dev.hubbub.session;

import dev.hubbub.config.Settings;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ThreadLocalRandom;

/** What this node is called: as configured, else made up at the start. */
@Singleton
public class NodeName {
    private final String value;

    @Inject
    public NodeName(Settings settings) {
        String configured = settings.access.node();
        value = configured.isEmpty()
                ? "node-" + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36)
                : configured;
    }

    public String value() {
        return value;
    }
}
