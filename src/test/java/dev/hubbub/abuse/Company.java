package dev.hubbub.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Node;
import dev.hubbub.support.Nodes;
import dev.hubbub.support.RawWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Pairs of clients that talk at a modest pace beside whoever does not, within the limits that everybody has. Nothing that
 * they say is lost, and it does not take much longer than before.
 */
final class Company implements AutoCloseable {
    private static final int PAIRS = 12;
    private static final Duration PACE = Duration.ofMillis(110);
    /** Messages of each pair, at least: three hundred in all, so that one in a hundred is not the one that was slowest. */
    private static final int FEW = 25;
    /** The same where nobody is beside: all is compared with this, and of few the slowest hundredth is whatever it is. */
    private static final int MANY = 100;
    /** This machine has other work too, and the abuser is on it. */
    private static final double SPARE_MS = 1_500;

    /** @param turn when it begins to talk: each at another time than the others */
    private record Pair(RawWebSocket speaker, RawWebSocket listener, String room, Duration turn) {
        void awaitTurn() {
            speaker.poll(frame -> false, turn);
        }

        /** Says one thing; how long it took, in ms. */
        double say() {
            long begun = System.nanoTime();
            String id = speaker.ask("room.publish", "{\"room\":\"" + room + "\",\"payload\":" + begun + "}");
            assertThat(listener.message(room).get("payload").asLong()).isEqualTo(begun);
            double ms = (System.nanoTime() - begun) / 1e6;
            assertThat(speaker.answer(id).get("type").asText()).isEqualTo("room.publish.reply");
            speaker.poll(frame -> false, PACE.minusMillis((long) ms));
            return ms;
        }
    }

    private final List<Pair> pairs = new ArrayList<>();
    private final double usualMs;

    Company(Node node) {
        for (int i = 0; i < PAIRS; i++) {
            String address = "127.9.9." + (i + 1);
            String room = Nodes.room("company");
            RawWebSocket speaker = RawWebSocket.openFrom(node, address, "/ws").answeringPings();
            RawWebSocket listener = RawWebSocket.openFrom(node, address, "/ws").answeringPings();
            listener.join(room, ",\"presence\":\"off\"");
            pairs.add(new Pair(speaker, listener, room, PACE.dividedBy(PAIRS).multipliedBy(i)));
        }
        talk(new CompletableFuture<>().completeAsync(() -> null), FEW); // whose code is not compiled yet
        usualMs = talk(CompletableFuture.completedFuture(null), MANY);
    }

    /** Talks until something is done, and a while at least; says how long it took at most, but for one in a hundred. */
    private double talk(CompletableFuture<?> meanwhile, int least) {
        List<Double> all = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<?>[] talks = pairs.stream()
                .map(pair -> CompletableFuture.runAsync(
                        () -> {
                            pair.awaitTurn();
                            for (int said = 0; said < least || !meanwhile.isDone(); said++) {
                                all.add(pair.say());
                            }
                        },
                        task -> new Thread(task, "company").start()))
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(talks).join();
        meanwhile.join();
        List<Double> sorted = all.stream().sorted().toList();
        return sorted.get((int) (sorted.size() * 0.99));
    }

    /** Does something while they talk. */
    void beside(String what, Runnable abuse) {
        double ms = talk(CompletableFuture.runAsync(abuse, task -> new Thread(task, "abuser").start()), FEW);
        System.out.printf("%s: p99 %.1f ms, before %.1f ms%n", what, ms, usualMs);
        assertThat(ms).as(what).isLessThan(2 * usualMs + SPARE_MS);
    }

    @Override
    public void close() {
        pairs.forEach(pair -> {
            pair.speaker.close();
            pair.listener.close();
        });
    }
}
