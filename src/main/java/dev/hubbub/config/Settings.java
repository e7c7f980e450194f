package dev.hubbub.config;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/** All settings, checked. Times are in milliseconds, sizes in bytes. Immutable. */
public final class Settings {
    private static final Pattern NAMESPACE = Pattern.compile("hubbub\\.namespace\\.([A-Za-z0-9_.@|~-]+)\\.([a-z-]+)");
    private static final Pattern REDIS = Pattern.compile("|rediss?://([^@/\\s]*@)?[^@/\\s]+:[0-9]{1,5}(/[0-9]{1,4})?");
    private static final String PREFIX = "hubbub.";

    private final Source source;
    private final Map<String, NamespacePolicy> namespaces = new TreeMap<>();
    private final NamespacePolicy otherNamespaces;

    /** A value of each setting, read and checked when the object is made. */
    public final Limits limits;

    public final Delivery delivery;
    public final Presence presence;
    public final Heartbeat heartbeat;
    public final Access access;
    public final WebSocket webSocket;
    public final Log log;
    public final Redis redis;
    public final Webhook webhook;
    public final Shutdown shutdown;

    public record Limits(
            boolean enabled,
            int messageBytes,
            int batches,
            int batchesPerUser,
            int answerBytes,
            int answerBytesPerUser,
            long answerMs,
            int jsonDepth,
            int rooms,
            int messagesPerSecond,
            int messagesBurst,
            int ownFramesPerSecond,
            int joinsPerSecond,
            int violationsPerMinute,
            int refusalsPerMinute,
            long refusalPauseMs,
            int connections,
            int connectionsPerUser,
            int connectionsPerIp,
            int handshakesPerSecond,
            int handshakesBurst,
            int nodeHandshakesPerSecond,
            int nodeHandshakesBurst,
            long headerMs,
            long bodyMs,
            int queuedReplies,
            int waitingRequests,
            int streams,
            int bansPerRoom) {
        /** As configured, or fifty times what may be in them: pongs and fragments come as well. */
        public int framesPerSecond() {
            return ownFramesPerSecond > 0 ? ownFramesPerSecond : 50 * (messagesPerSecond + joinsPerSecond);
        }

        /** Ten times what a client may send at once when it comes back to all its rooms. */
        public int framesBurst() {
            return 10 * (messagesBurst + rooms);
        }
    }

    public record Delivery(
            int loops, int batchBytes, int inlineSessions, int idleInlineSessions, long writeDeadlineMs) {}

    public record Presence(long graceMs, int coalesceOver, int countOver, long lastSeenMs) {}

    public record Heartbeat(long pingMs, long silenceMs, long sseKeepaliveMs, long sseRetryMs) {}

    public record WebSocket(boolean compression, boolean portable) {}

    /** @param address empty where there is a file, or where this node is alone */
    public record Redis(String address, String file, int queuedPublishes, long joinWithinMs) {
        /** Whether this node is one of many. */
        public boolean isUsed() {
            return !address.isEmpty() || !file.isEmpty();
        }
    }

    public record Log(long budgetBytes, long roomLingerMs, long keyTtlMs, int maxKeys) {}

    /**
     * Reads and checks everything.
     *
     * @throws ConfigurationException on the first wrong value, one that is not there, and a key that there is not
     */
    public static Settings from(Config config) {
        Set<String> names = StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(n -> n.startsWith(PREFIX))
                .collect(Collectors.toCollection(TreeSet::new));
        return new Settings(names, new Configured(config));
    }

    /** For programs and tests that bring their settings with them; what is not in the map has its default. */
    public static Settings of(Map<String, String> values) {
        return new Settings(new TreeSet<>(values.keySet()), values::get);
    }

    private Settings(Set<String> names, Source.Lookup lookup) {
        source = new Source(lookup);
        Set<String> keys = new TreeSet<>();
        for (String name : names) {
            keys.add(key(name, lookup, lookup.apply(name)));
        }
        access = Access.of(source);
        limits = LimitKeys.limits(source);
        delivery = new Delivery(
                loops(),
                source.number(Keys.BATCH),
                source.number(Keys.INLINE),
                source.number(Keys.INLINE_IDLE),
                source.millis(Keys.WRITE_DEADLINE));
        presence = new Presence(
                source.millis(Keys.GRACE),
                source.number(Keys.COALESCE),
                source.number(Keys.COUNT_ONLY),
                source.millis(Keys.LAST_SEEN));
        heartbeat = new Heartbeat(
                source.millis(Keys.PING),
                source.millis(Keys.SILENCE),
                source.millis(Keys.SSE_KEEPALIVE),
                source.millis(Keys.SSE_RETRY));
        webSocket = new WebSocket(
                source.flag(Keys.COMPRESSION),
                source.matching(Keys.SINK, Pattern.compile("jetty|portable")).equals("portable"));
        log = new Log(
                source.big(Keys.LOG_BUDGET),
                source.millis(Keys.ROOM_LINGER),
                source.millis(Keys.KEY_TTL),
                source.number(Keys.KEY_MAX));
        redis = redis();
        if (redis.isUsed() && !access.sanctionsFile().isEmpty()) {
            throw Source.wrong(AccessKeys.SANCTIONS_FILE, access.sanctionsFile()); // of two truths one would be wrong
        }
        webhook = Webhook.of(source);
        shutdown = Shutdown.of(source, access.dev());
        Namespaces own = new Namespaces(source, access.dev() ? "anyone" : "granted");
        otherNamespaces = own.policy("default");
        namespaces.put("default", otherNamespaces);
        for (String name : keys) {
            Matcher m = NAMESPACE.matcher(name);
            if (m.matches()) {
                namespaces.computeIfAbsent(m.group(1), own::policy);
            }
        }
        namespaces.computeIfAbsent(Namespaces.USERS, own::policy);
    }

    /** The key that a name means: itself, or where it came from the environment, the one that it stands for. */
    private static String key(String name, Source.Lookup lookup, @Nullable String value) {
        if (Source.isKnown(name)) {
            return name;
        }
        @Nullable String meant = Source.fromEnvironment(name);
        if (meant == null || lookup.apply(meant) == null) {
            throw new ConfigurationException(
                    name, value == null ? "" : Source.shownOfUnknown(name, value), "a key of docs/configuration.md");
        }
        return meant;
    }

    private int loops() {
        int loops = source.number(Keys.LOOPS);
        return loops > 0 ? loops : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    private Redis redis() {
        String address = source.matching(Keys.REDIS, REDIS);
        String file = source.file(Keys.REDIS_CONFIG);
        if (!file.isEmpty() && !address.isEmpty()) {
            throw Source.wrong(Keys.REDIS_CONFIG, file);
        }
        return new Redis(address, file, source.number(Keys.REDIS_QUEUE), source.millis(Keys.REDIS_JOIN));
    }

    /** The policy of a namespace; where it has no keys of its own, that of {@code default}. */
    public NamespacePolicy namespacePolicy(String namespace) {
        return namespaces.getOrDefault(namespace, otherNamespaces);
    }

    /** Whether in any namespace publishes are counted. */
    public boolean hasPublishRates() {
        return namespaces.values().stream().anyMatch(policy -> policy.publishesPerMinute() > 0);
    }

    /** The policies of {@code default}, {@code user} and of all that have keys of their own. */
    public Map<String, NamespacePolicy> namespaces() {
        return Collections.unmodifiableMap(namespaces);
    }

    /** The namespace whose policy it is: its own, or {@code default}. */
    public String policyName(String namespace) {
        return namespaces.containsKey(namespace) ? namespace : "default";
    }

    /** Whether any namespace has rooms of a kind. */
    public boolean hasRooms(RoomKind kind) {
        return namespaces.values().stream().anyMatch(policy -> policy.kind() == kind);
    }
}
