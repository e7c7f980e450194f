package dev.hubbub.hook;

import dev.hubbub.spi.LifecycleEvent;
import jakarta.json.Json;
import jakarta.json.JsonBuilderFactory;
import jakarta.json.JsonObjectBuilder;
import java.util.Locale;
import java.util.Map;

/** An event as JSON; what it has not is left out. */
final class EventText {
    private static final JsonBuilderFactory JSON = Json.createBuilderFactory(Map.of());

    private EventText() {}

    static String word(LifecycleEvent.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static String of(LifecycleEvent event) {
        JsonObjectBuilder json =
                JSON.createObjectBuilder().add("id", event.id()).add("kind", word(event.kind()));
        add(json, "user", event.user());
        add(json, "conn", event.conn());
        add(json, "room", event.room());
        return json.add("node", event.node()).add("ts", event.at()).build().toString();
    }

    private static void add(JsonObjectBuilder json, String name, String value) {
        if (!value.isEmpty()) {
            json.add(name, value);
        }
    }
}
