package dev.hubbub.tool;

import dev.hubbub.token.ApiKeyFile;
import dev.hubbub.token.FreshKey;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps the file of API keys. A key is told once, when it is made. */
record KeyTool(Surroundings around) {
    static final String USAGE = """
            usage: hubbub key add --file <keys.json> --scope <scope> [--scope …] [--label <label>] [--expires 90d]
                     prints a new key, once; its hash goes into the file, which is made where there is none
                   hubbub key list --file <keys.json>
                   hubbub key rotate --file <keys.json> --id <id> [--overlap 1d] [--expires 90d|never]
                     prints a new key with the label, scopes and lifetime of the old one, which expires after the overlap
                   hubbub key remove --file <keys.json> --id <id>
            scopes: admin for everything; rooms, users or nodes; <action>:<rooms> such as publish:chat:*, with join, publish,
            presence, history or kick. A server that runs takes a change within seconds.
            """;

    private static final String NEVER = "never";

    String run(List<String> words) {
        String word = words.isEmpty() ? "" : words.get(0);
        List<String> rest = words.subList(Math.min(1, words.size()), words.size());
        return switch (word) {
            case "add" -> add(Options.parse(rest, Set.of("file", "label", "expires"), Set.of("scope")));
            case "list" -> list(Options.parse(rest, Set.of("file"), Set.of()));
            case "rotate" -> rotate(Options.parse(rest, Set.of("file", "id", "overlap", "expires"), Set.of()));
            case "remove" -> remove(Options.parse(rest, Set.of("file", "id"), Set.of()));
            default -> throw Failure.usage("add, list, rotate or remove a key, see --help");
        };
    }

    private KeyFile file(Options options) {
        return new KeyFile(around.file(options.needed("file")));
    }

    private Instant now() {
        return around.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private String add(Options options) {
        KeyFile file = file(options);
        List<String> scopes = options.all("scope");
        if (scopes.isEmpty()) {
            throw Failure.usage("--scope is needed: what the key may do");
        }
        @Nullable Instant expires = expires(options, null);
        return file.change(true, content -> added(content, options.one("label").orElse(null), scopes, expires));
    }

    /** @param byDefault null for never */
    private @Nullable Instant expires(Options options, @Nullable Instant byDefault) {
        @Nullable String text = options.one("expires").orElse(null);
        if (text == null) {
            return byDefault;
        }
        return text.equals(NEVER) ? null : now().plus(Span.parse("expires", text));
    }

    private String added(
            ApiKeyFile.Content content, @Nullable String label, List<String> scopes, @Nullable Instant expires) {
        SecureRandom random = new SecureRandom();
        FreshKey key = FreshKey.make(label, scopes, now(), expires, random);
        content.keys.add(key.entry());
        return key.bearer() + System.lineSeparator();
    }

    private String rotate(Options options) {
        KeyFile file = file(options);
        String id = options.needed("id");
        Duration overlap = Span.parse("overlap", options.one("overlap").orElse("1d"));
        return file.change(false, content -> {
            ApiKeyFile.Entry old = KeyFile.find(content, id);
            @Nullable Instant expires = expires(options, lifetime(old));
            Instant end = now().plus(overlap);
            @Nullable Instant before = KeyFile.time(old.expires);
            old.expires = (before != null && before.isBefore(end) ? before : end).toString();
            return added(content, old.label, old.scopes, expires);
        });
    }

    /** When a key that is made now ends, if it is to be good as long as the old one was from its making; null for ever. */
    private @Nullable Instant lifetime(ApiKeyFile.Entry old) {
        @Nullable Instant expires = KeyFile.time(old.expires);
        if (expires == null) {
            return null;
        }
        try {
            @Nullable Instant created = KeyFile.time(old.created);
            if (created != null && created.isBefore(expires)) {
                return now().plus(Duration.between(created, expires));
            }
        } catch (DateTimeException e) {
            // people may have written it: told below
        }
        throw Failure.usage(
                "key " + old.id + " expires, and says not when it was created: say --expires of the new one");
    }

    private String remove(Options options) {
        KeyFile file = file(options);
        String id = options.needed("id");
        return file.change(false, content -> {
            content.keys.remove(KeyFile.find(content, id));
            return "";
        });
    }

    private String list(Options options) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("id", "label", "scopes", "created", "expires"));
        for (ApiKeyFile.Entry key : file(options).read().keys) {
            @Nullable Instant expires = KeyFile.time(key.expires);
            boolean over = expires != null && !expires.isAfter(around.clock().instant());
            rows.add(List.of(
                    key.id,
                    text(key.label, "-"),
                    String.join(" ", key.scopes),
                    text(key.created, "-"),
                    text(key.expires, NEVER) + (over ? " (over)" : "")));
        }
        return Table.format(rows);
    }

    private static String text(@Nullable String value, String otherwise) {
        return value == null || value.isEmpty() ? otherwise : value;
    }
}
