package dev.hubbub.token;

import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.json.bind.JsonbException;
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
    private static final Jsonb JSONB = JsonbBuilder.create();

    /** What is in the file. */
    public static final class Content {
        public List<Entry> keys = new ArrayList<>();
    }

    /** One key; times as ISO 8601. */
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
            if (content == null || content.keys == null) {
                throw new IllegalArgumentException("it has no keys");
            }
            return content;
        } catch (JsonbException e) {
            throw new IllegalArgumentException("it is not the JSON that is expected");
        }
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
        if (!ID.matcher(entry.id).matches()) {
            throw new IllegalArgumentException("an id must be 4 to 32 of [a-z0-9]");
        }
        String label = entry.label == null || entry.label.isEmpty() ? entry.id : entry.label;
        if (!HASH.matcher(entry.sha256).matches() || !LABEL.matcher(label).matches()) {
            throw new IllegalArgumentException("key " + entry.id
                    + " needs a sha256 of 64 hexadecimal digits, and a label of at most 64 characters");
        }
        try {
            long expires =
                    entry.expires == null ? 0 : Instant.parse(entry.expires).toEpochMilli();
            return new ApiKey(entry.id, label, entry.sha256, ApiKey.rights(entry.scopes), expires);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("key " + entry.id + " expires at no time such as 2027-01-01T00:00:00Z");
        }
    }
}
