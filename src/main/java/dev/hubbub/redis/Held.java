package dev.hubbub.redis;

import dev.hubbub.cluster.Unavailable;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What this incarnation has something in, by name, as a set in Redis: a name is there before the first thing is listed
 * under it, and until the last is gone, so that whoever sweeps up behind a dead node knows where. Names are counted.
 * Thread-safe; nothing blocks.
 */
@Singleton
public class Held {
    private static final Script HOLD = Script.of("hold");
    private static final Script RELEASE = Script.of("release");
    /** Names in one command. */
    private static final int STEP = 500;

    /** Guarded by the map's entry. */
    private static final class Hold {
        private int count;
        /** With which incarnation the name is in Redis; null while it is not to be. */
        private @Nullable CompletableFuture<String> added;
        /** The last command about it: one at a time. */
        private CompletableFuture<?> last = CompletableFuture.completedFuture(null);
    }

    private final ConcurrentHashMap<String, Hold> holds = new ConcurrentHashMap<>();
    private final RedisLink link;
    private final Lease lease;

    @Inject
    public Held(RedisLink link, Lease lease) {
        this.link = link;
        this.lease = lease;
    }

    /** Holds a name until it is released as often. Completes with the incarnation under which it is held. */
    CompletableFuture<String> hold(String name) {
        return held(name, 1);
    }

    /** The same for a name that is held: again where it failed before, or where the incarnation is another by now. */
    CompletableFuture<String> held(String name) {
        return held(name, 0);
    }

    private CompletableFuture<String> held(String name, int more) {
        List<CompletableFuture<String>> stage = new ArrayList<>(1);
        holds.compute(name, (n, before) -> {
            Hold hold = before == null ? new Hold() : before;
            hold.count += more;
            CompletableFuture<String> added = hold.added;
            if (added == null || added.isCompletedExceptionally()) {
                added = hold.last
                        .handle((done, failure) -> null)
                        .thenCompose(done -> link.isHere()
                                ? lease.soonGranted()
                                : CompletableFuture.failedFuture(Unavailable.away()))
                        .thenCompose(incarnation -> add(incarnation, List.of(n)));
                hold.added = added;
                hold.last = added;
            }
            stage.add(added);
            return hold;
        });
        return stage.get(0);
    }

    private CompletableFuture<String> add(String incarnation, List<String> names) {
        return link.run(HOLD, List.of(Keyspace.held(incarnation)), names.toArray())
                .thenApply(reply -> incarnation);
    }

    void release(String name) {
        holds.computeIfPresent(name, (n, hold) -> {
            hold.count--;
            if (hold.count > 0) {
                return hold;
            }
            CompletableFuture<String> added = hold.added;
            hold.added = null;
            if (added == null) {
                return null;
            }
            CompletableFuture<?> last = hold.last
                    .handle((done, failure) -> null)
                    .thenCompose(done -> added)
                    .thenCompose(incarnation -> link.run(RELEASE, List.of(Keyspace.held(incarnation)), n));
            hold.last = last;
            var unused = last.whenCompleteAsync((done, failure) -> forget(n, last), link.thread()); // not within this
            return hold;
        });
    }

    private void forget(String name, CompletableFuture<?> last) {
        holds.computeIfPresent(name, (n, hold) -> hold.count <= 0 && hold.last == last ? null : hold);
    }

    /** Holds everything under another incarnation. Completes when it is so. */
    CompletableFuture<?> move(String incarnation) {
        List<CompletableFuture<?>> steps = new ArrayList<>();
        List<String> names = new ArrayList<>(STEP);
        for (String name : names()) {
            names.add(name);
            if (names.size() == STEP) {
                steps.add(move(incarnation, List.copyOf(names)));
                names.clear();
            }
        }
        if (!names.isEmpty()) {
            steps.add(move(incarnation, names));
        }
        return CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new));
    }

    /** The names, but for those that are about to be released. */
    private List<String> names() {
        List<String> names = new ArrayList<>(holds.size());
        for (String name : holds.keySet()) {
            holds.computeIfPresent(name, (n, hold) -> {
                if (hold.count > 0) {
                    names.add(n);
                }
                return hold;
            });
        }
        return names;
    }

    private CompletableFuture<?> move(String incarnation, List<String> names) {
        CompletableFuture<String> step = add(incarnation, names);
        names.forEach(name -> holds.computeIfPresent(name, (n, hold) -> {
            // whoever began to move it while another was granted must not move it back: a dead one's is swept
            if (hold.count > 0 && lease.isMine(incarnation)) {
                hold.added = step;
                hold.last = step;
            }
            return hold;
        }));
        return step;
    }

    /** States everything once more: what is missing cannot be told by counting, since other names may be too many. */
    CompletableFuture<?> audit() {
        return lease.granted().thenCompose(this::move);
    }

    int count() {
        return holds.size();
    }
}
