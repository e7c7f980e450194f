package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.redisson.Redisson;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis: runs scripts, and knows by a write every second whether it is there. While it is not, what is asked
 * fails at once. Thread-safe; nothing blocks. What completes runs on Redisson's threads.
 */
@Singleton
public final class RedisLink {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final long PROBE_MS = 1_000;
    /** Without an answer to the probe for so long, in ms, it is away. */
    private static final long ANSWER_MS = 3_000;

    private static final Script PROBE = Script.of("probe");

    private final RedissonClient client;
    private final RScript scripts;
    private final ClusterHealth health;
    private final boolean sharded;
    private final List<Runnable> returns = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "redis-ticker");
        thread.setDaemon(true);
        return thread;
    });
    /** What was last said of its being away, so that it is not said each second. */
    private volatile String complaint = "";

    private final AtomicLong probes = new AtomicLong();
    /** The latest probe that was answered. */
    private final AtomicLong answered = new AtomicLong();

    private volatile boolean closed;

    @Inject
    public RedisLink(Settings settings, ClusterHealth health) {
        Config config = RedissonConfigs.of(settings.redis);
        this.health = health;
        sharded = config.isClusterConfig();
        client = Redisson.create(config);
        scripts = client.getScript(ByteArrayCodec.INSTANCE);
        health.notYet();
        every(PROBE_MS, this::probe);
        probe();
    }

    RedissonClient client() {
        return client;
    }

    /** Whether rooms are spread over many Redis: then channels are sharded too. */
    boolean isSharded() {
        return sharded;
    }

    /** How scripts say something on a channel. */
    String publishCommand() {
        return sharded ? "SPUBLISH" : "PUBLISH";
    }

    /** Runs each time that Redis has come back, the first time included. */
    void onReturn(Runnable task) {
        returns.add(task);
    }

    /** Runs on the link's one thread; what it throws is logged. */
    void every(long ms, Runnable task) {
        var unused = scheduler.scheduleWithFixedDelay(() -> guarded(task), ms, ms, TimeUnit.MILLISECONDS);
    }

    /** The link's one thread, for work that must not keep Redisson's from theirs. */
    Executor thread() {
        return scheduler;
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("a task of the link to Redis failed", e);
        }
    }

    boolean isHere() {
        return health.isHere();
    }

    static byte[] bytes(Object value) {
        return value instanceof byte[] b ? b : value.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String text(Object value) {
        return value instanceof byte[] b ? new String(b, StandardCharsets.UTF_8) : value.toString();
    }

    /**
     * Runs a script whose keys lie in one slot. Fails with {@link Unavailable} where Redis is known to be away or has
     * refused, with what Redisson throws where it is unknown what became of it.
     *
     * @param args byte arrays, or what is meant as text
     */
    CompletableFuture<List<Object>> run(Script script, List<String> keys, Object... args) {
        return isHere() ? send(script, keys, args) : CompletableFuture.failedFuture(Unavailable.away());
    }

    private CompletableFuture<List<Object>> send(Script script, List<String> keys, Object... args) {
        health.requests.increment();
        Object[] encoded = Arrays.stream(args).map(RedisLink::bytes).toArray();
        return scripts.<List<Object>>evalAsync(
                        RScript.Mode.READ_WRITE,
                        script.text(),
                        RScript.ReturnType.LIST,
                        List.<Object>copyOf(keys),
                        encoded)
                .toCompletableFuture()
                .whenComplete((reply, failure) -> {
                    if (failure != null) {
                        health.failures.increment();
                    }
                });
    }

    /** A write, since a replica that takes none is no use. */
    private void probe() {
        long number = probes.incrementAndGet();
        long asked = health.now();
        var unused = send(PROBE, List.of("hb:probe"), health.isHere() ? "0" : "1")
                .orTimeout(ANSWER_MS, TimeUnit.MILLISECONDS)
                .whenComplete((reply, failure) -> {
                    if (closed || (failure != null && number < answered.get())) {
                        return; // a later one was answered
                    }
                    if (failure == null) {
                        answered.accumulateAndGet(number, Math::max);
                    }
                    if (failure != null) {
                        away(failure);
                        return;
                    }
                    health.time(Long.parseLong(text(reply.get(0))), asked);
                    if (!health.isHere() && reply.size() > 1) {
                        returned(Fitness.of(text(reply.get(1))));
                    }
                });
    }

    private void away(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String refusal = Failures.credentials(cause);
        if (!refusal.isEmpty()) {
            health.unfit("hubbub.redis does not let this node in: " + refusal);
        } else if (health.isHere() || !message.equals(complaint)) {
            LOG.warn("Redis is away: {}", message);
        }
        complaint = message;
        health.away();
    }

    /** @param unfit why this Redis is of no use, or empty */
    private void returned(String unfit) {
        if (!unfit.isEmpty()) {
            health.unfit(unfit);
            return;
        }
        LOG.info("Redis is here");
        health.here();
        returns.forEach(RedisLink::guarded);
    }

    @PreDestroy
    void close() {
        closed = true;
        scheduler.shutdownNow();
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
