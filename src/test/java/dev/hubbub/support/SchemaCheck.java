package dev.hubbub.support;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/** Holds the JSON Schemas against frames that a real server sent, and remembers which types there were. */
public final class SchemaCheck {
    private static final String BASE = "https://hubbub.dev/schemas/hubbub.v1/";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchemaFactory FACTORY = JsonSchemaFactory.getInstance(
            VersionFlag.V202012, b -> b.schemaMappers(m -> m.mapPrefix(BASE, "classpath:schemas/hubbub.v1/")));
    private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();
    private static final Set<String> SEEN = new ConcurrentSkipListSet<>();

    private SchemaCheck() {}

    /** Parses a server's frame; fails where it is not what the schema of its type says. */
    public static JsonNode check(String text) {
        JsonNode frame = json(text);
        String type = frame.path("type").asText();
        if (!type.matches("[a-z.]+") || SchemaCheck.class.getResource("/schemas/hubbub.v1/" + type + ".json") == null) {
            throw new AssertionError("there is no schema for the type of " + text);
        }
        Set<ValidationMessage> wrong = SCHEMAS.computeIfAbsent(
                        type, t -> FACTORY.getSchema(SchemaLocation.of(BASE + t + ".json")))
                .validate(frame);
        if (!wrong.isEmpty()) {
            throw new AssertionError(wrong + " in " + text);
        }
        SEEN.add(type);
        return frame;
    }

    /** The types that were checked in this JVM. */
    public static Set<String> seen() {
        return Set.copyOf(SEEN);
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + text, e);
        }
    }
}
