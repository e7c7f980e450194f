package dev.hubbub.checker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.protocol.Place;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client that listens in some rooms, as the protocol tells a client to: whenever its connection is over, it comes back
 * to some node and resumes. It drops nothing: all that it is told is written down.
 */
abstract class Listener implements Runnable {
    private static final Duration GLANCE = Duration.ofMillis(250);
    private static final Set<String> RETRY = Set.of("UNAVAILABLE", "DEADLINE_EXCEEDED");

    final String name;
    final List<String> rooms;
    final Random random;
    private final List<Integer> ports;
    private final Recorder recorder;
    private final boolean restless;
    private final Map<String, Place> places = new ConcurrentHashMap<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private int attempt;

    /** @param restless whether it leaves each connection after a while, without being made to */
    Listener(String name, List<Integer> ports, List<String> rooms, Recorder recorder, boolean restless, Random random) {
        this.name = name;
        this.ports = ports;
        this.rooms = rooms;
        this.recorder = recorder;
        this.restless = restless;
        this.random = random;
    }

    /** Connects, and asks for what comes after the places. */
    abstract Link open(int port, Map<String, Place> since) throws Lost;

    /** Hears of every frame, before its room's place moves. */
    void other(Link.Frame frame) throws Lost {}

    /** An event's id is about to be taken as the place of all rooms. */
    abstract void cursor(String id, String type);

    void odd(String text) {
        recorder.odd(name + ": " + text);
    }

    /** Begins at places that it has from elsewhere. Before it runs. */
    final Listener from(Map<String, Place> start) {
        places.putAll(start);
        return this;
    }

    /** Whether it stands at this place or after it. */
    final boolean isAt(String room, Place place) {
        Place own = places.get(room);
        return own != null && own.epoch().equals(place.epoch()) && own.seq() >= place.seq();
    }

    final boolean isJoined() {
        return places.keySet().containsAll(rooms);
    }

    final void end() {
        ended.countDown();
    }

    @Override
    public String toString() {
        return name + " at " + places;
    }

    @Override
    public void run() {
        try {
            while (ended.getCount() > 0) {
                try {
                    listen();
                } catch (Lost e) {
                    attempt++;
                }
                recorder.count("connections ended");
                long most = Math.min(2_000, 100L << Math.min(attempt, 10));
                pause(random.nextInt((int) most));
            }
        } catch (RuntimeException | AssertionError e) {
            odd(String.valueOf(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pause(long ms) throws InterruptedException {
        var unused = ended.await(ms, TimeUnit.MILLISECONDS);
    }

    private void listen() throws Lost {
        Map<String, Place> since = Map.copyOf(places);
        long begun = System.nanoTime();
        long leaves = restless ? TimeUnit.MILLISECONDS.toNanos(500 + random.nextInt(5_000)) : Long.MAX_VALUE;
        int joined = 0;
        try (Link link = open(ports.get(random.nextInt(ports.size())), since)) {
            while (ended.getCount() > 0 && System.nanoTime() - begun < leaves) {
                Link.Frame frame = link.next(GLANCE);
                if (frame != null && take(frame, since)) {
                    joined++;
                    attempt = 0;
                }
                if (joined < rooms.size() && System.nanoTime() - begun > 2 * WebSocketLink.PATIENCE.toNanos()) {
                    throw new Lost("joins are not answered");
                }
            }
        }
    }

    /** @return whether it answers a join */
    private boolean take(Link.Frame frame, Map<String, Place> since) throws Lost {
        other(frame);
        JsonNode data = frame.data();
        String room = data.path("room").asText();
        if (!room.isEmpty() && !rooms.contains(room)) {
            return false; // its user's own
        }
        switch (frame.type()) {
            case "room.join.reply", "room.joined" -> joined(room, since.get(room), data);
            case "room.published" -> {
                if (data.has("seq")) {
                    tell(
                            room,
                            place(data),
                            new Told.Published(
                                    place(data), data.get("payload").asText().intern()));
                }
            }
            case "room.reset" ->
                tell(
                        room,
                        place(data),
                        new Told.Reset(place(data), data.get("reason").asText(), System.nanoTime()));
            case "room.skipped" -> {
                Place to = new Place(
                        data.get("epoch").asText().intern(), data.get("to").asLong());
                tell(room, to, new Told.Skipped(to.epoch(), data.get("from").asLong(), to.seq()));
            }
            case "room.removed" -> odd("removed from " + room);
            case "error" -> {
                if (!RETRY.contains(data.get("code").asText())) {
                    odd(data.toString());
                }
                throw new Lost(data.toString());
            }
            case "session.closed" -> throw new Lost(data.toString());
            default -> {
                return false;
            }
        }
        cursor(frame.cursor(), frame.type());
        return frame.type().startsWith("room.join");
    }

    private static Place place(JsonNode data) {
        return new Place(data.get("epoch").asText().intern(), data.get("seq").asLong());
    }

    private void joined(String room, Place since, JsonNode data) {
        Boolean recovered = data.has("recovered") ? data.get("recovered").asBoolean() : null;
        Told.Joined joined = new Told.Joined(
                since, place(data), recovered, data.get("replayed").asLong());
        tell(room, joined.place(), joined);
    }

    private void tell(String room, Place place, Told told) {
        recorder.told(name, room, told);
        Place before = places.get(room);
        // a repeat, which the checker shall see, does not move a client back
        boolean repeat = told instanceof Told.Published
                && before != null
                && before.epoch().equals(place.epoch())
                && before.seq() >= place.seq();
        if (!repeat) {
            places.put(room, place);
        }
    }
}
