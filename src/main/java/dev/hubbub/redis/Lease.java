package dev.hubbub.redis;

import dev.hubbub.cluster.Unavailable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among the nodes: an incarnation, good as long as its lease is renewed. Everything that the node has in
 * Redis is listed under it, and is swept up once it lapsed. One that lapsed is dead for ever: the node takes another.
 * Thread-safe; nothing blocks.
 */
@Singleton
public class Lease {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);
    /** How long it lasts, in ms: three renewals may be lost. */
    static final long LIFE_MS = 12_000;

    private static final long RENEWAL_MS = 3_000;

    private static final Script RENEW = Script.of("lease");
    private static final Script LIVING = Script.of("living");
    private static final Script END = Script.of("lease-end");

    private final RedisLink link;
    private final long lifeMs;
    private final List<Runnable> changes = new CopyOnWriteArrayList<>();
    private final AtomicBoolean renewing = new AtomicBoolean();
    /** Completes with the incarnation once it has its lease; another stage when another is taken. */
    private volatile CompletableFuture<String> granted = new CompletableFuture<>();

    private volatile String incarnation = Ids.secret(9);
    private volatile boolean ended;

    @Inject
    public Lease(RedisLink link) {
        this(link, LIFE_MS, RENEWAL_MS);
    }

    /** For tests, which have no time. */
    Lease(RedisLink link, long lifeMs, long renewalMs) {
        this.link = link;
        this.lifeMs = lifeMs;
        link.onReturn(this::renew);
        link.every(renewalMs, this::renew);
        if (link.isHere()) {
            renew();
        }
    }

    /** Runs each time that an incarnation has got its lease, the first time included. */
    void onGrant(Runnable task) {
        changes.add(task);
        if (granted.isDone()) {
            task.run();
        }
    }

    /** The incarnation, once it has its lease: nothing may be listed under it before. */
    CompletableFuture<String> granted() {
        return granted;
    }

    /** The same for whoever cannot wait: fails with {@link Unavailable} where it takes long. */
    CompletableFuture<String> soonGranted() {
        CompletableFuture<String> now = granted;
        return now.isDone()
                ? now
                : now.copy()
                        .orTimeout(RENEWAL_MS, TimeUnit.MILLISECONDS)
                        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(Unavailable.away()));
    }

    /** Whether it is this node's now, and not one that lapsed. */
    boolean isMine(String other) {
        return other.equals(incarnation);
    }

    boolean isGranted() {
        return granted.isDone();
    }

    /** Which of these have no lease. To be asked after they were seen: whoever lists something has its lease before. */
    CompletableFuture<Set<String>> dead(Set<String> incarnations) {
        return link.run(LIVING, List.of(Keyspace.LEASES), incarnations.toArray())
                .thenApply(reply -> {
                    Set<String> dead = new HashSet<>(incarnations);
                    reply.forEach(living -> dead.remove(RedisLink.text(living)));
                    return dead;
                });
    }

    private void renew() {
        if (ended || !renewing.compareAndSet(false, true)) {
            return;
        }
        try {
            ask(incarnation, !granted.isDone());
        } catch (Throwable e) {
            renewing.set(false); // else it would lapse, and the node not know
            throw e;
        }
    }

    private void ask(String mine, boolean first) {
        List<String> keys = List.of(Keyspace.LEASES, Keyspace.DEAD);
        var unused = link.run(RENEW, keys, mine, lifeMs, first ? "1" : "0").whenComplete((reply, failure) -> {
            boolean lapsed = false;
            try {
                lapsed = failure == null && RedisLink.text(reply.get(0)).equals("0");
                if (lapsed) {
                    another();
                }
            } finally {
                renewing.set(false);
            }
            if (lapsed) {
                renew();
            } else if (failure == null && first) {
                granted.complete(mine);
                changes.forEach(RedisLink::guarded);
            }
        });
    }

    private void another() {
        LOG.warn("this node's lease lapsed: what it has is stated again");
        incarnation = Ids.secret(9);
        granted = granted.isDone() ? new CompletableFuture<>() : granted; // who waits goes on waiting
    }

    /** Gives it back: what is still listed under it is swept up at once, and not only when it has lapsed. */
    CompletableFuture<?> end() {
        ended = true;
        return link.run(END, List.of(Keyspace.LEASES, Keyspace.DEAD), incarnation);
    }
}
