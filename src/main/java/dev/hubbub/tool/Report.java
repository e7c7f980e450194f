package dev.hubbub.tool;

import dev.hubbub.config.Access;
import dev.hubbub.config.Audience;
import dev.hubbub.config.NamespacePolicy;
import dev.hubbub.config.Settings;
import dev.hubbub.token.ApiKeyFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a configuration comes to, for people: who is let in, and what is open to whom. Says nothing of a secret. */
record Report(Settings settings, List<String> tokenKeys, List<ApiKeyFile.Entry> apiKeys) {
    private static final String OWN_ROOMS = "user";

    String text() {
        return "Who is let in\n" + indented(letIn()) + "\nWho may do what in rooms of a namespace\n" + indented(rooms())
                + "  granted: whose token grants it. Backends may, in all of them, what the scopes of their API keys say.\n\nThis node\n"
                + indented(node()) + "\n";
    }

    private static String indented(List<List<String>> rows) {
        return Table.format(rows).indent(2);
    }

    private List<List<String>> letIn() {
        Access access = settings.access;
        Access.Jwt jwt = access.jwt();
        List<List<String>> rows = new ArrayList<>();
        if (jwt.isUsed()) {
            several(
                    rows,
                    "tokens",
                    tokenKeys.stream().map(key -> "verified by " + key).toList());
            rows.add(List.of("", "signed with " + String.join(", ", jwt.algorithms())));
            rows.add(List.of(
                    "",
                    "of " + (jwt.issuer().isEmpty() ? "any issuer" : "the issuer " + jwt.issuer()) + ", for "
                            + (jwt.audiences().isEmpty()
                                    ? "any audience"
                                    : "the audience " + String.join(" or ", jwt.audiences()))));
            rows.add(List.of(
                    "", "issued at most " + span(jwt.maxAgeMs()) + " ago; clocks may differ by " + span(jwt.skewMs())));
            rows.add(List.of(
                    "",
                    "user from " + jwt.userClaim() + ", name from " + jwt.nameClaim() + ", rights from "
                            + jwt.roomsClaim()));
        } else {
            rows.add(List.of("tokens", "none: no key is set that could verify one"));
        }
        rows.add(List.of(
                "cookie",
                access.cookie().isEmpty()
                        ? "none"
                        : access.cookie() + ", which holds a token; from the pages of these origins only"));
        rows.add(List.of("tickets", "of whoever is let in by something else; each is good once"));
        rows.add(List.of("anonymous", anonymous(access)));
        several(
                rows,
                "API keys",
                apiKeys.isEmpty()
                        ? List.of("none")
                        : apiKeys.stream().map(Report::apiKey).toList());
        rows.add(List.of("pages of", origins(access)));
        return rows;
    }

    private static void several(List<List<String>> rows, String name, List<String> values) {
        String head = name;
        for (String value : values) {
            rows.add(List.of(head, value));
            head = "";
        }
    }

    private static String anonymous(Access access) {
        if (!access.anonymous()) {
            return "no";
        }
        return access.dev() ? "yes, and without credentials the HTTP API takes anybody for a backend" : "yes";
    }

    private static String apiKey(ApiKeyFile.Entry key) {
        String label = key.label == null || key.label.isEmpty() ? key.id : key.label + " (" + key.id + ")";
        return label + ": " + (key.scopes.isEmpty() ? "nothing" : String.join(" ", key.scopes)) + "; "
                + (key.expires == null ? "does not expire" : "until " + key.expires);
    }

    private static String origins(Access access) {
        if (access.origins().isEmpty()) {
            return access.dev() ? "localhost and private networks" : "no origin";
        }
        return String.join(", ", access.origins());
    }

    private List<List<String>> rooms() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("", "join", "publish", "history", "members", "kick"));
        for (Map.Entry<String, NamespacePolicy> entry : settings.namespaces().entrySet()) {
            NamespacePolicy is = entry.getValue();
            rows.add(
                    entry.getKey().equals(OWN_ROOMS)
                            ? List.of(OWN_ROOMS, "itself", "itself", "itself", "itself", "nobody")
                            : List.of(
                                    entry.getKey(),
                                    word(is.join()),
                                    word(is.publish()),
                                    word(is.history()),
                                    word(is.members()),
                                    word(is.kick())));
        }
        return rows;
    }

    private static String word(Audience audience) {
        return audience.name().toLowerCase(Locale.ROOT);
    }

    private List<List<String>> node() {
        Settings.Limits limits = settings.limits;
        List<String> proxies = settings.access.trustedProxies();
        return List.of(
                List.of("limits", limits.enabled() ? "on: " + numbers(limits) : "off, all of them"),
                List.of(
                        "proxies",
                        proxies.isEmpty()
                                ? "none is trusted: a client's address is its connection's"
                                : String.join(", ", proxies) + " tell the client's address"),
                List.of("rooms in", store()));
    }

    private static String numbers(Settings.Limits limits) {
        return limits.connectionsPerUser() + " connections of a user, " + limits.connectionsPerIp() + " of an address, "
                + limits.messagesPerSecond() + " messages a second of a connection";
    }

    private String store() {
        Settings.Redis redis = settings.redis;
        if (!redis.isUsed()) {
            String file = settings.access.sanctionsFile();
            return file.isEmpty()
                    ? "memory: they end with this node, and so does what it knows of bans and of disconnected users' tokens,"
                            + " which are good again after a restart"
                    : "memory: they end with this node; bans, and which tokens are void, are kept in " + file;
        }
        return redis.file().isEmpty()
                ? "Redis, " + redis.address().replaceAll("//[^/]*@", "//")
                : "Redis, as " + redis.file() + " says, which is read at the start alone";
    }

    private static String span(long millis) {
        return Span.text(Duration.ofMillis(millis));
    }
}
