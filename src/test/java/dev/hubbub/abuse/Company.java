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
    private final Talk usual;
    private final Comparison comparison = new Comparison();

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
        usual = talk(CompletableFuture.completedFuture(null), MANY);
    }

    /** Talks until something is done, and a while at least. */
    private Talk talk(CompletableFuture<?> meanwhile, int least) {
        HostTime begun = HostTime.now();
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
        return new Talk(all, HostTime.now().stolenSince(begun));
    }

    /** Does something while they talk; what it is compared with is as old as the node, or, in rounds, as old as the round. */
    void beside(String what, Runnable abuse) {
        boolean measured = InRounds.COUNT > 1;
        Talk before = measured ? talk(CompletableFuture.completedFuture(null), FEW) : usual;
        Runnable abuser = measured ? new Elsewhere(abuse) : abuse;
        Talk talk = talk(CompletableFuture.runAsync(abuser, task -> new Thread(task, "abuser").start()), FEW);
        System.out.printf("%s: p99 %s, before %s%n", what, talk, before);
        comparison.add(what, before, talk);
        assertThat(talk.p99()).as(what).isLessThan(2 * before.p99() + SPARE_MS);
    }

    @Override
    public void close() {
        if (InRounds.COUNT > 1) {
            comparison.print();
        }
        pairs.forEach(pair -> {
            pair.speaker.close();
            pair.listener.close();
        });
    }
}
