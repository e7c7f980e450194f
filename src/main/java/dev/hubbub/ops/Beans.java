package dev.hubbub.ops;

import dev.hubbub.config.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the others are given that no class of theirs makes: the settings and the time. */
@ApplicationScoped
public class Beans {
    @Produces
    @Singleton
    Settings settings() {
        return Settings.from(ConfigProvider.getConfig());
    }

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}
