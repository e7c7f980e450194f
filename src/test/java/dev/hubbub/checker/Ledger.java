package dev.hubbub.checker;

import dev.hubbub.checker.Finding.Kind;
import dev.hubbub.protocol.Place;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one room's messages are, by all that anybody was told of them: each has one place, and each place one. */
final class Ledger {
    /** A message's place in one epoch. */
    private record Given(String epoch, String payload) {}

    private final History history;
    private final String room;
    private final Map<Place, String> payloads = new HashMap<>();
    private final Map<Given, Long> places = new HashMap<>();
    private final Set<String> epochs = new HashSet<>();
    private final Set<Finding> findings = new HashSet<>();

    Ledger(History history, String room) {
        this.history = history;
        this.room = room;
        history.journeys().stream().filter(j -> j.room().equals(room)).forEach(this::told);
        List<Acknowledged> acknowledged = history.acknowledged().stream()
                .filter(a -> a.room().equals(room))
                .toList();
        acknowledged.forEach(a -> given(a.place(), a.payload(), a.publisher()));
        inOrder(acknowledged);
        if (epochs.size() > 1 + history.losses()) {
            find(
                    Kind.FORK,
                    "all",
                    epochs.size() + " epochs " + epochs + ", and Redis has lost something " + history.losses()
                            + " times");
        }
    }

    Set<Finding> findings() {
        return findings;
    }

    private void find(Kind kind, String who, String text) {
        findings.add(new Finding(kind, room, who, text));
    }

    private void told(Journey journey) {
        for (Told told : journey.told()) {
            if (told instanceof Told.Published published) {
                given(published.place(), published.payload(), journey.listener());
            } else if (told instanceof Told.Joined joined) {
                epochs.add(joined.head().epoch());
            } else if (told instanceof Told.Reset reset) {
                epochs.add(reset.place().epoch());
            }
        }
    }

    private void given(Place place, String payload, String who) {
        epochs.add(place.epoch());
        if (!history.sent().getOrDefault(room, Set.of()).contains(payload)) {
            find(Kind.INVENTED, who, place + " is " + payload + ", which nobody has sent");
        }
        String payloadBefore = payloads.putIfAbsent(place, payload);
        Long seqBefore = places.putIfAbsent(new Given(place.epoch(), payload), place.seq());
        if (history.mayBeForked(room, place.epoch())) {
            return;
        }
        if (payloadBefore != null && !payloadBefore.equals(payload)) {
            find(Kind.FORK, who, place + " is " + payload + " and " + payloadBefore);
        }
        if (seqBefore != null && seqBefore != place.seq()) {
            find(Kind.TWICE, who, payload + " is at " + place + " and at " + seqBefore);
        }
    }

    /** What was acknowledged before another message was sent stands before it. */
    private void inOrder(List<Acknowledged> acknowledged) {
        Map<String, List<Acknowledged>> byEpoch = new HashMap<>();
        acknowledged.forEach(a -> byEpoch.computeIfAbsent(a.place().epoch(), e -> new ArrayList<>())
                .add(a));
        byEpoch.forEach((epoch, all) -> {
            if (history.mayBeForked(room, epoch)) {
                return;
            }
            all.sort(Comparator.comparingLong(a -> a.place().seq()));
            Acknowledged latest = null;
            for (Acknowledged next : all) {
                if (latest != null && latest.sentAt() - next.acknowledgedAt() > 0) {
                    find(Kind.ORDER, next.publisher(), next + " was acknowledged before " + latest + " was sent");
                }
                latest = latest == null || latest.sentAt() - next.sentAt() < 0 ? next : latest;
            }
        });
    }
}
