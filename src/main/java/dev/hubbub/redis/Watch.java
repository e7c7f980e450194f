package dev.hubbub.redis;

import dev.hubbub.cluster.ClusterHealth;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows by a write every second whether Redis is there; of a Cluster whether each master is. The node is as well as the
 * master that has what all nodes share. Thread-safe; nothing blocks.
 */
final class Watch {
    /** Asks Redis, wherever it is. */
    interface Way {
        CompletableFuture<List<Object>> send(Script script, List<String> keys, Object... args);
    }

    static final long PROBE_MS = 1_000;
    /** Without an answer for so long, in ms, it is away. */
    static final long ANSWER_MS = 3_000;

    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Script PROBE = Script.of("probe");

    private final Way way;
    private final Masters masters;
    private final ClusterHealth health;
    private final List<Runnable> returns = new CopyOnWriteArrayList<>();
    private final Pulse pulse = new Pulse();
    /** What was last said of its being away, so that it is not said each second. */
    private volatile String complaint = "";
    /** Of the master that has what all nodes share. */
    private volatile RedisClock clock;
    /** It was met, and is of use. */
    private volatile boolean fit;

    private volatile boolean closed;

    Watch(Way way, Masters masters, ClusterHealth health) {
        this.way = way;
        this.masters = masters;
        this.health = health;
        this.clock = new RedisClock(health.clock());
    }

    /** Runs each time that Redis has come back, the first time included. */
    void onReturn(Runnable task) {
        returns.add(task);
    }

    boolean isFit() {
        return fit;
    }

    RedisClock clock() {
        return clock;
    }

    void close() {
        closed = true;
    }

    /** A write, since a replica that takes none is no use. */
    void probe() {
        long number = pulse.ask();
        long asked = health.clock().millis();
        var unused = way.send(PROBE, List.of(Keyspace.PROBE), health.isHere() ? "0" : "1")
                .orTimeout(ANSWER_MS, TimeUnit.MILLISECONDS)
                .whenComplete((reply, failure) -> {
                    if (closed || !pulse.counts(number, failure == null)) {
                        return;
                    }
                    if (failure != null) {
                        away(failure);
                        return;
                    }
                    clock = masters.of(Keyspace.PROBE).clock();
                    clock.told(reply, asked);
                    if (!health.isHere() && reply.size() > 1) {
                        returned(Fitness.of(RedisLink.text(reply.get(1))));
                    }
                });
    }

    /** The same of each master of a Cluster. */
    void probeMasters() {
        if (fit) {
            masters.keys().forEach(this::probe);
        }
    }

    private void probe(Master master, String key) {
        long number = master.pulse().ask();
        long asked = health.clock().millis();
        var unused = way.send(PROBE, List.of(key), "0")
                .orTimeout(ANSWER_MS, TimeUnit.MILLISECONDS)
                .whenComplete((reply, failure) -> {
                    boolean answers = failure == null;
                    if (answers) {
                        master.clock().told(reply, asked);
                    }
                    if (!closed && master.pulse().counts(number, answers) && master.here(answers)) {
                        LOG.warn("the master of {} is {}", key, answers ? "here" : "away: " + failure);
                    }
                });
    }

    private void away(Throwable cause) {
        String message = String.valueOf(cause.getMessage());
        String refusal = Failures.credentials(cause);
        masters.onlyOne(false);
        if (!refusal.isEmpty()) {
            unfit("hubbub.redis does not let this node in: " + refusal);
        } else if (health.isHere() || !message.equals(complaint)) {
            LOG.warn("Redis is away: {}", message);
        }
        complaint = message;
        health.away();
    }

    private void unfit(String why) {
        fit = false;
        health.unfit(why);
    }

    /** @param unfit why this Redis is of no use, or empty */
    private void returned(String unfit) {
        if (!unfit.isEmpty()) {
            unfit(unfit);
            return;
        }
        LOG.info("Redis is here");
        fit = true;
        masters.onlyOne(true);
        health.here();
        returns.forEach(RedisLink::guarded);
    }
}
