package dev.hubbub.checker;

import dev.hubbub.protocol.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A server without bugs, of one room, and listeners that come and go: its histories are as they should be. */
final class Simulation {
    private static final String ROOM = "room";

    private static final class Listening {
        final List<Told> told = new ArrayList<>();
        Place place;
        boolean connected;
    }

    private final Random random;
    private final int kept;
    private final List<Listening> listeners = new ArrayList<>();
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final Set<String> sent = new HashSet<>();
    private final List<String> log = new ArrayList<>();
    private String epoch = "e0";
    private int losses;
    private long clock;

    private Simulation(long seed, int kept) {
        this.random = new Random(seed);
        this.kept = kept;
    }

    /** @param kept how many messages the room keeps */
    static History of(long seed, int steps, boolean loses, int kept) {
        Simulation simulation = new Simulation(seed, kept);
        for (int i = 0; i < 4; i++) {
            simulation.listeners.add(new Listening());
        }
        for (int i = 0; i < steps; i++) {
            simulation.step(loses);
        }
        return simulation.end();
    }

    private void step(boolean loses) {
        int dice = random.nextInt(100);
        if (dice < 70) {
            publish(random.nextInt(10) > 0);
        } else if (dice < 98 || !loses) {
            Listening listening = listeners.get(random.nextInt(listeners.size()));
            if (listening.connected) {
                listening.connected = false;
            } else {
                join(listening);
            }
        } else {
            lose();
        }
    }

    private void publish(boolean answered) {
        String payload = "m" + sent.size();
        sent.add(payload);
        log.add(payload);
        clock++;
        if (answered) {
            acknowledged.add(new Acknowledged("p", ROOM, head(), payload, clock, clock));
        }
        listeners.stream().filter(l -> l.connected).forEach(this::deliver);
    }

    private Place head() {
        return new Place(epoch, log.size());
    }

    private void deliver(Listening listening) {
        for (long seq = listening.place.seq() + 1; seq <= log.size(); seq++) {
            listening.place = new Place(epoch, seq);
            listening.told.add(new Told.Published(listening.place, log.get((int) seq - 1)));
        }
    }

    private void join(Listening listening) {
        Place since = listening.place;
        listening.connected = true;
        if (since == null) {
            listening.told.add(new Told.Joined(null, head(), null, 0));
            listening.place = head();
            return;
        }
        boolean foreign = !since.epoch().equals(epoch);
        boolean recovered = !foreign && log.size() - since.seq() <= kept;
        listening.told.add(new Told.Joined(since, head(), recovered, recovered ? log.size() - since.seq() : 0));
        if (!recovered) {
            reset(listening, foreign ? "epoch" : "trimmed");
        }
        deliver(listening);
    }

    private void reset(Listening listening, String reason) {
        listening.place = head();
        listening.told.add(new Told.Reset(head(), reason, clock));
    }

    private void lose() {
        losses++;
        epoch = "e" + losses;
        log.clear();
        listeners.stream().filter(l -> l.connected).forEach(l -> reset(l, "epoch"));
    }

    private History end() {
        listeners.stream().filter(l -> !l.connected).forEach(this::join);
        publish(true);
        List<Journey> journeys = new ArrayList<>();
        for (Listening listening : listeners) {
            journeys.add(new Journey("l" + journeys.size(), ROOM, listening.told));
        }
        Map<String, Integer> brief = new HashMap<>();
        brief.put(ROOM, kept);
        return new History(journeys, acknowledged, Map.of(ROOM, sent), Map.of(ROOM, head()), losses, brief, List.of());
    }
}
