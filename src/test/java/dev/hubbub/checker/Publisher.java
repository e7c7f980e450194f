package dev.hubbub.checker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.protocol.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client that publishes a few messages at a time to some rooms, each until it is acknowledged: what was not, or may
 * not have been done, it sends again with the same key.
 */
final class Publisher implements Runnable {
    private static final Set<String> RETRY = Set.of("UNAVAILABLE", "DEADLINE_EXCEEDED");
    private static final int BURST = 6;
    private static final int PAUSE_MS = 200;

    private final String name;
    private final Way way;
    private final List<String> rooms;
    private final Recorder recorder;
    private final Random random;
    /** No more is begun; what was begun is brought to its end. */
    private final CountDownLatch finished = new CountDownLatch(1);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Map<String, Outgoing> open = new LinkedHashMap<>();
    private int number;
    private int attempt;

    Publisher(String name, Way way, List<String> rooms, Recorder recorder, Random random) {
        this.name = name;
        this.way = way;
        this.rooms = rooms;
        this.recorder = recorder;
        this.random = random;
    }

    void finish() {
        finished.countDown();
    }

    /** Gives up what is not acknowledged. */
    void end() {
        finished.countDown();
        ended.countDown();
    }

    @Override
    public String toString() {
        return name;
    }

    @Override
    public void run() {
        try (way) {
            while (finished.getCount() > 0) {
                compose();
                while (!open.isEmpty() && ended.getCount() > 0) {
                    offer();
                }
                var unused = finished.await(random.nextInt(PAUSE_MS), TimeUnit.MILLISECONDS);
            }
        } catch (RuntimeException | AssertionError e) {
            recorder.odd(name + ": " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void compose() {
        int burst = 1 + random.nextInt(BURST);
        for (int i = 0; i < burst; i++) {
            String payload = (name + "-" + ++number).intern();
            String room = rooms.get(random.nextInt(rooms.size()));
            recorder.sent(room, payload);
            open.put(payload, new Outgoing(room, payload));
        }
    }

    private void offer() throws InterruptedException {
        try {
            way.send(List.copyOf(open.values()), this::answered);
        } catch (Lost e) {
            recorder.count("publishes without an answer");
        }
        if (open.isEmpty()) {
            attempt = 0;
        } else {
            int most = (int) Math.min(2_000, 100L << Math.min(attempt++, 10));
            var unused = ended.await(random.nextInt(most), TimeUnit.MILLISECONDS);
        }
    }

    private void answered(Outgoing message, JsonNode data) {
        if (data.has("seq")) {
            Place place = new Place(
                    data.get("epoch").asText().intern(), data.get("seq").asLong());
            recorder.acknowledged(
                    new Acknowledged(name, message.room, place, message.payload, message.sentAt, System.nanoTime()));
            open.remove(message.payload);
        } else if (RETRY.contains(data.path("code").asText())) {
            recorder.count("publishes refused with " + data.get("code").asText());
        } else {
            recorder.odd(name + ": " + message.payload + " was answered with " + data);
            open.remove(message.payload);
        }
    }
}
