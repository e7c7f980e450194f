package dev.hubbub.checker;

import dev.hubbub.protocol.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;

/** Clients of some nodes: they publish and listen until the end, when nothing may be missing. */
final class Experiment implements AutoCloseable {
    /** In how much time all must be well again once all is healed. */
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private final List<Integer> ports;
    private final List<String> rooms;
    private final Map<String, Integer> kept;
    private final Random random;
    private final Recorder recorder = new Recorder();
    private final List<Listener> listeners = new ArrayList<>();
    private final List<Publisher> publishers = new ArrayList<>();
    private final List<Thread> publishing = new ArrayList<>();
    private final List<Thread> listening = new ArrayList<>();
    private final HttpWay backend;
    private int markers;

    /** @param kept the rooms that keep few messages, and how many */
    Experiment(List<Integer> ports, List<String> rooms, Map<String, Integer> kept, long seed) {
        this.ports = ports;
        this.rooms = rooms;
        this.kept = kept;
        this.random = new Random(seed);
        this.backend = new HttpWay(ports, random);
    }

    Recorder recorder() {
        return recorder;
    }

    /** Every second client is restless. Returns once all listen. */
    Experiment begin(int webSockets, int streams, int webSocketPublishers, int httpPublishers) {
        for (int i = 0; i < webSockets; i++) {
            listeners.add(new WebSocketListener("ws" + i, ports, rooms, recorder, i % 2 == 1, random()));
        }
        for (int i = 0; i < streams; i++) {
            listeners.add(new EventListener("sse" + i, ports, rooms, recorder, i % 2 == 1, random()));
        }
        listeners.forEach(l -> listening.add(start(l, l.name)));
        Awaitility.await("all listen")
                .atMost(RECOVERY)
                .until(() -> listeners.stream().allMatch(Listener::isJoined));
        for (int i = 0; i < webSocketPublishers; i++) {
            publish("p" + i, new WebSocketWay(ports, random()));
        }
        for (int i = 0; i < httpPublishers; i++) {
            publish("h" + i, new HttpWay(ports, random()));
        }
        return this;
    }

    private Random random() {
        return new Random(random.nextLong());
    }

    private void publish(String name, Way way) {
        Publisher publisher = new Publisher(name, way, rooms, recorder, random());
        publishers.add(publisher);
        publishing.add(start(publisher, name));
    }

    private static Thread start(Runnable client, String name) {
        Thread thread = new Thread(client, "client-" + name);
        thread.start();
        return thread;
    }

    /**
     * All is healed: what was begun is acknowledged, a last message of each room reaches everybody, and so does
     * everything that is kept whoever asks for it now.
     *
     * @param losses how often Redis has lost something
     */
    History end(int losses) {
        publishers.forEach(Publisher::finish);
        Awaitility.await("all is acknowledged")
                .atMost(RECOVERY)
                .until(() -> publishing.stream().noneMatch(Thread::isAlive));
        Map<String, Place> last = settle(losses);
        Map<String, Place> start = new HashMap<>();
        last.forEach((room, place) -> start.put(room, new Place(place.epoch(), 0)));
        for (int i = 0; i < ports.size(); i++) {
            Listener late = new WebSocketListener("late" + i, ports.subList(i, i + 1), rooms, recorder, false, random())
                    .from(start);
            listeners.add(late);
            listening.add(start(late, late.name));
        }
        await(last, RECOVERY);
        new Attendance(ports, rooms, listeners).isRight(RECOVERY).forEach(recorder::odd);
        close();
        return recorder.history(last, losses, kept);
    }

    /** Publishes last messages. Where Redis has lost something, that may only be found out by the first of them. */
    private Map<String, Place> settle(int losses) {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        Map<String, Place> last = mark();
        while (losses > 0 && System.nanoTime() < deadline && !await(last, Duration.ofSeconds(10))) {
            last = mark();
        }
        await(last, RECOVERY);
        return last;
    }

    /** Whether everybody has come there in time; who has not, the checker finds. */
    private boolean await(Map<String, Place> last, Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        Awaitility.await().atMost(within.plusSeconds(10)).until(() -> System.nanoTime() > deadline || areAt(last));
        return areAt(last);
    }

    private boolean areAt(Map<String, Place> last) {
        return listeners.stream()
                .allMatch(l -> last.entrySet().stream().allMatch(e -> l.isAt(e.getKey(), e.getValue())));
    }

    private Map<String, Place> mark() {
        Map<String, Place> last = new HashMap<>();
        markers++;
        for (String room : rooms) {
            Outgoing marker = new Outgoing(room, "last-" + room.replace(':', '-') + "-" + markers);
            recorder.sent(room, marker.payload);
            Awaitility.await("the last message of " + room).atMost(RECOVERY).until(() -> isTaken(marker, last));
        }
        return last;
    }

    private boolean isTaken(Outgoing marker, Map<String, Place> last) {
        try {
            backend.send(List.of(marker), (message, data) -> {
                if (data.has("seq")) {
                    Place place = new Place(
                            data.get("epoch").asText(), data.get("seq").asLong());
                    last.put(message.room, place);
                    recorder.acknowledged(new Acknowledged(
                            "marker", message.room, place, message.payload, message.sentAt, System.nanoTime()));
                }
            });
        } catch (Lost e) {
            return false;
        }
        return last.containsKey(marker.room);
    }

    /** Ends all clients. */
    @Override
    public void close() {
        publishers.forEach(Publisher::end);
        listeners.forEach(Listener::end);
        List<Thread> all = new ArrayList<>(publishing);
        all.addAll(listening);
        for (Thread thread : all) {
            try {
                thread.join(20_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
