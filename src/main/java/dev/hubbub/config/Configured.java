package dev.hubbub.config;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * The text that is configured for a name. An empty one is one: what is set to nothing must not be taken for what is not
 * set, whose default may let more people in. One that names something that is not set is none at all.
 */
record Configured(Config config) implements Source.Lookup {
    /** @throws ConfigurationException where it has a {@code ${name}} that stands for nothing */
    @Override
    public @Nullable String apply(String name) {
        ConfigValue found = config.getConfigValue(name);
        @Nullable String text = found.getValue();
        @Nullable String raw = found.getRawValue();
        if (text == null && raw != null) {
            String told = Source.isKnown(name) ? Source.shown(name, raw) : Source.shownOfUnknown(name, raw);
            throw new ConfigurationException(name, told, "a value in which each ${name} is set");
        }
        return text;
    }
}
