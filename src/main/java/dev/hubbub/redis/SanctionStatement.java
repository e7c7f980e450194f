package dev.hubbub.redis;

import dev.hubbub.cluster.SanctionList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Tells a Redis that has lost sanctions of them again, step by step. Thread-safe. */
record SanctionStatement(RedisLink link) {
    /** Names in one step. */
    private static final int STEP = 500;
    /** Steps that are under way at once. */
    private static final int ABREAST = 4;

    private static final Script RESTATE = Script.of("sanction-restate");
    private static final Script RESTATED = Script.of("sanction-restated");

    /**
     * Until all are there it is no change: whoever knows more would take the part for the whole, and forget the rest.
     *
     * @param changes how many led to these
     */
    CompletableFuture<?> of(Map<String, Long> sanctions, long changes) {
        List<Map.Entry<String, Long>> all = List.copyOf(sanctions.entrySet());
        List<List<Map.Entry<String, Long>>> steps = IntStream.iterate(0, i -> i < all.size(), i -> i + STEP)
                .mapToObj(i -> all.subList(i, Math.min(all.size(), i + STEP)))
                .toList();
        return Abreast.each(link, steps, ABREAST, this::step)
                .thenCompose(done -> link.run(RESTATED, List.of(Keyspace.SANCTIONS), changes, Ids.secret(6)));
    }

    private CompletableFuture<?> step(List<Map.Entry<String, Long>> some) {
        List<String> keys = new ArrayList<>(List.of(Keyspace.SANCTIONS));
        List<Object> args = new ArrayList<>(2 * some.size());
        for (Map.Entry<String, Long> one : some) {
            keys.add(bansOf(one.getKey()));
            args.add(one.getKey());
            args.add(one.getValue());
        }
        return link.run(RESTATE, keys, args.toArray());
    }

    /** Where a sanction is counted if it is a ban; the key of all of them if it is none. */
    private static String bansOf(String name) {
        return SanctionList.room(name).map(Keyspace::bans).orElse(Keyspace.SANCTIONS);
    }
}
