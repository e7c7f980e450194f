package dev.hubbub.redis;

import dev.hubbub.cluster.RoomBus;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.ProcessAnnotatedType;
import jakarta.enterprise.inject.spi.WithAnnotations;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Takes this package's versions of the ports where Redis is configured, and those in memory where not: the others are no
 * beans then. Whether what is configured is right is checked later, with all other settings.
 */
public class Selection implements Extension {
    private static final String HERE = Selection.class.getPackageName();
    private static final String MEMORY = RoomBus.class.getPackageName();

    <T> void select(@Observes @WithAnnotations(Singleton.class) ProcessAnnotatedType<T> type) {
        Class<T> found = type.getAnnotatedType().getJavaClass();
        boolean ofRedis = found.getPackageName().equals(HERE);
        boolean ofMemory =
                found.getPackageName().equals(MEMORY) && found.getSimpleName().startsWith("InMemory");
        if (isConfigured() ? ofMemory : ofRedis) {
            type.veto();
        }
    }

    private static boolean isConfigured() {
        Config config = ConfigProvider.getConfig();
        return isSet(config, "hubbub.redis") || isSet(config, "hubbub.redis.config");
    }

    private static boolean isSet(Config config, String key) {
        return !config.getOptionalValue(key, String.class).orElse("").isBlank();
    }
}
