package dev.hubbub.token;

import jakarta.json.JsonException;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbConfig;
import jakarta.json.bind.JsonbException;
import jakarta.json.bind.annotation.JsonbPropertyOrder;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The file of API keys: JSON that people may read and edit, without anything that lets somebody in. */
public final class ApiKeyFile {
    private static final Pattern ID = Pattern.compile("[a-z0-9]{4,32}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern LABEL = Pattern.compile("[^\\p{Cntrl}]{0,64}");
    private static final Jsonb JSONB = JsonbBuilder.create(new JsonbConfig().withFormatting(true));

    /** What is in the file. */
    public static final class Content {
        public List<Entry> keys = new ArrayList<>();
    }

    /** One key; times as ISO 8601. */
    @JsonbPropertyOrder({"id", "label", "scopes", "created", "expires", "sha256"})
    public static final class Entry {
        public String id = "";
        public @Nullable String label;
        public String sha256 = "";
        public List<String> scopes = new ArrayList<>();
        public @Nullable String created;
        public @Nullable String expires;
    }

    private ApiKeyFile() {}

    /** @throws IllegalArgumentException that says what is wrong */
    public static Content read(String text) {
        try {
            Content content = JSONB.fromJson(text, Content.class);
            if (content == null || content.keys == null || content.keys.contains(null)) {
                throw new IllegalArgumentException("it has no keys");
            }
            return content;
        } catch (JsonbException | JsonException e) {
            throw new IllegalArgumentException("it is not the JSON that is expected");
        }
    }

    /**
     * The text of a file.
     *
     * @throws IllegalArgumentException where the server would not read it
     */
    public static String write(Content content) {
        String text = JSONB.toJson(content).strip() + "\n";
        parse(text);
        return text;
    }

    /** The keys by their ids. */
    static Map<String, ApiKey> parse(String text) {
        Map<String, ApiKey> keys = new LinkedHashMap<>();
        for (Entry entry : read(text).keys) {
            ApiKey key = key(entry);
            if (keys.put(key.id(), key) != null) {
                throw new IllegalArgumentException("two keys have the id " + key.id());
            }
        }
        return keys;
    }

    private static ApiKey key(Entry entry) {
        if (entry.id == null || !ID.matcher(entry.id).matches()) {
            throw new IllegalArgumentException("an id must be 4 to 32 of [a-z0-9]");
        }
        if (entry.scopes == null || entry.scopes.contains(null)) {
            throw new IllegalArgumentException("key " + entry.id + " needs a list of scopes");
        }
        String label = entry.label == null || entry.label.isEmpty() ? entry.id : entry.label;
        if (entry.sha256 == null
                || !HASH.matcher(entry.sha256).matches()
                || !LABEL.matcher(label).matches()) {
            throw new IllegalArgumentException("key " + entry.id
                    + " needs a sha256 of 64 hexadecimal digits, and a label of at most 64 characters");
        }
        try {
            // a time before 1970 is long over, and not what never expires
            long expires = entry.expires == null
                    ? 0
                    : Math.max(1, Instant.parse(entry.expires).toEpochMilli());
            return new ApiKey(entry.id, label, entry.sha256, ApiKey.rights(entry.scopes), expires);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException("key " + entry.id + " expires at no time such as 2027-01-01T00:00:00Z");
        }
    }
}
