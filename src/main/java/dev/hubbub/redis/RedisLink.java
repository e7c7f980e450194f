package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Settings;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisNoScriptException;
import org.redisson.client.codec.ByteArrayCodec;
import org.redisson.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis: runs scripts, and knows whether it is there, of a Cluster whether each master is. What is asked of one
 * that is away fails at once. Thread-safe; nothing blocks. What completes runs on Redisson's threads.
 */
@Singleton
public final class RedisLink {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
    private static final Script KNOCK = new Script("knock", "return {}");

    private final RedissonClient client;
    private final RScript scripts;
    private final ClusterHealth health;
    private final Settings.Redis settings;
    /** Rooms that can be subscribed to at one Redis. */
    private final long rooms;

    private final Masters masters;
    private final Watch watch;
    private final Complaints complaints;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "redis-ticker");
        thread.setDaemon(true);
        return thread;
    });

    @Inject
    public RedisLink(Settings settings, ClusterHealth health) {
        Config config = RedissonConfigs.of(settings.redis);
        this.health = health;
        this.settings = settings.redis;
        rooms = RedissonConfigs.subscriptions(config) - Calls.CHANNELS;
        if (rooms < settings.limits.connections()) {
            LOG.warn("{} rooms can be subscribed to at one Redis, fewer than this node may have connections", rooms);
        }
        complaints = new Complaints(health.clock());
        client = Redisson.create(config);
        scripts = client.getScript(ByteArrayCodec.INSTANCE);
        masters = new Masters(config.isClusterConfig(), client, scheduler, health.clock());
        watch = new Watch(this::send, masters, health);
        health.notYet();
        health.watch(masters::away);
        every(Watch.PROBE_MS, watch::probe);
        if (masters.areMany()) {
            every(Watch.PROBE_MS, watch::probeMasters);
        }
        watch.probe();
    }

    RedissonClient client() {
        return client;
    }

    Settings.Redis settings() {
        return settings;
    }

    /** In how many rooms this node can be. */
    long rooms() {
        return rooms * masters.count();
    }

    Masters masters() {
        return masters;
    }

    /** Whether rooms are spread over many Redis: then channels are sharded too. */
    boolean isSharded() {
        return masters.areMany();
    }

    /** How scripts say something on a channel. */
    String publishCommand() {
        return isSharded() ? "SPUBLISH" : "PUBLISH";
    }

    /** Runs each time that Redis has come back, the first time included. */
    void onReturn(Runnable task) {
        watch.onReturn(task);
    }

    /** Runs on the link's one thread; what it throws is logged. */
    void every(long ms, Runnable task) {
        var unused = scheduler.scheduleWithFixedDelay(() -> guarded(task), ms, ms, TimeUnit.MILLISECONDS);
    }

    /** The link's one thread, for work that must not keep Redisson's from theirs. */
    Executor thread() {
        return scheduler;
    }

    /** An error does not end a timer either, which nobody would begin again: memory may be there by the next time. */
    static void guarded(Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            say(e);
        }
    }

    private static void say(Throwable failure) {
        try {
            LOG.error("a task of the link to Redis failed", failure);
        } catch (Throwable unsaid) {
            failure.addSuppressed(unsaid); // there is no memory to say it either
        }
    }

    /** Whether the Redis is there that has what all nodes share. */
    boolean isHere() {
        return health.isHere();
    }

    /** How far the clock of that Redis is ahead of this node's, in ms; 0 before its first answer. */
    long aheadMs() {
        return watch.clock().aheadMs();
    }

    /** Whether the Redis is there that has a key. */
    boolean isHere(String key) {
        return isSharded() ? watch.isFit() && masters.of(key).isHere() : isHere();
    }

    /** Completes once the master of a key has answered a question; at once where it is the only one, and here. */
    CompletableFuture<?> answers(String key) {
        if (isSharded()) {
            return run(KNOCK, List.of(key))
                    .orTimeout(Watch.ANSWER_MS, TimeUnit.MILLISECONDS)
                    .exceptionallyCompose(failure -> CompletableFuture.failedFuture(Unavailable.away()));
        }
        return isHere() ? CompletableFuture.completedFuture(true) : CompletableFuture.failedFuture(Unavailable.away());
    }

    static byte[] bytes(Object value) {
        return value instanceof byte[] b ? b : value.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String text(Object value) {
        return value instanceof byte[] b ? new String(b, StandardCharsets.UTF_8) : value.toString();
    }

    /**
     * Runs a script whose keys lie in one slot. Fails with {@link Unavailable} where its Redis is known to be away or has
     * refused, with what Redisson throws where it is unknown what became of it.
     *
     * @param args byte arrays, or what is meant as text
     */
    CompletableFuture<List<Object>> run(Script script, List<String> keys, Object... args) {
        return isHere(keys.get(0)) ? send(script, keys, args) : CompletableFuture.failedFuture(Unavailable.away());
    }

    private CompletableFuture<List<Object>> send(Script script, List<String> keys, Object... args) {
        health.requests.increment();
        Object[] encoded = new Object[args.length];
        for (int i = 0; i < args.length; i++) {
            encoded[i] = bytes(args[i]);
        }
        List<Object> names = List.copyOf(keys);
        return scripts.<List<Object>>evalShaAsync(
                        RScript.Mode.READ_WRITE, script.sha(), RScript.ReturnType.LIST, names, encoded)
                .toCompletableFuture()
                .exceptionallyCompose(failure -> Failures.cause(failure) instanceof RedisNoScriptException
                        ? loadAndRun(script, names, encoded)
                        : CompletableFuture.failedFuture(failure))
                .whenComplete((reply, failure) -> {
                    if (failure != null) {
                        health.failures.increment();
                    }
                });
    }

    /** Has the driver load it and run it. Not the usual way: it copies all arguments first, in case it has to load. */
    private CompletionStage<List<Object>> loadAndRun(Script script, List<Object> names, Object[] encoded) {
        return scripts.evalAsync(RScript.Mode.READ_WRITE, script.text(), RScript.ReturnType.LIST, names, encoded);
    }

    /** The same stage, whose failures are told as {@link Unavailable}: nothing hangs on whether it was done. */
    <T> CompletableFuture<T> orUnavailable(CompletionStage<T> stage) {
        return stage.toCompletableFuture().exceptionallyCompose(failure -> {
            Throwable cause = Failures.cause(failure);
            if (cause instanceof Unavailable) {
                return CompletableFuture.failedFuture(cause);
            }
            complain("a request to Redis", cause);
            return CompletableFuture.failedFuture(Unavailable.away());
        });
    }

    /** Says that something failed, but not each time: a Redis that is away fails all that was on its way. */
    void complain(String what, Throwable cause) {
        if (complaints.isDue(cause)) {
            LOG.warn("{} failed: {}; the next failure of this kind is logged in a minute", what, cause.toString());
        }
    }

    @PreDestroy
    void close() {
        watch.close();
        scheduler.shutdownNow();
        client.shutdown(0, 2, TimeUnit.SECONDS);
    }
}
