package dev.hubbub.checker;

import dev.hubbub.protocol.Place;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes down what happens to clients. Thread-safe. */
final class Recorder {
    private record Key(String listener, String room) {}

    private final Map<Key, List<Told>> told = new LinkedHashMap<>();
    private final List<Acknowledged> acknowledged = new ArrayList<>();
    private final Map<String, Set<String>> sent = new HashMap<>();
    private final List<String> odd = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();

    synchronized void told(String listener, String room, Told what) {
        told.computeIfAbsent(new Key(listener, room), key -> new ArrayList<>()).add(what);
        if (what instanceof Told.Published) {
            count("deliveries");
        } else if (what instanceof Told.Reset reset) {
            count("resets: " + reset.reason());
        } else if (what instanceof Told.Joined joined) {
            count(joined.since() == null ? "joins" : "resumes, recovered " + joined.recovered());
        } else {
            count("skipped");
        }
    }

    synchronized void sent(String room, String payload) {
        sent.computeIfAbsent(room, r -> new HashSet<>()).add(payload);
    }

    synchronized void acknowledged(Acknowledged message) {
        acknowledged.add(message);
        count("acknowledged");
    }

    /** What no page of the protocol explains. */
    synchronized void odd(String text) {
        odd.add(text);
    }

    synchronized void count(String what) {
        counts.merge(what, 1, Integer::sum);
    }

    synchronized int counted(String what) {
        return counts.getOrDefault(what, 0);
    }

    /** How often what happened. */
    synchronized String summary() {
        return counts.toString();
    }

    synchronized History history(Map<String, Place> last, int losses, Map<String, Integer> kept) {
        List<Journey> journeys = new ArrayList<>();
        told.forEach((key, all) -> journeys.add(new Journey(key.listener(), key.room(), List.copyOf(all))));
        return new History(
                journeys, List.copyOf(acknowledged), new HashMap<>(sent), last, losses, kept, List.copyOf(odd));
    }
}
