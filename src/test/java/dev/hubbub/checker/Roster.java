package dev.hubbub.checker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who is in a room, as a client knows it that follows what it is told (docs/protocol.md, "Presence"). Written by its
 * client's thread, read by the experiment.
 */
final class Roster {
    private final Set<String> users = new TreeSet<>();
    /** What came before the list that was asked for: some of it may be newer than that. */
    private final List<Change> early = new ArrayList<>();

    private long rev = -1;
    private boolean known;

    private record Change(long rev, List<String> joined, List<String> left) {}

    /** The state at a revision: a join's first page, or a whole list. */
    synchronized void state(JsonNode data) {
        users.clear();
        data.get("members").forEach(member -> users.add(member.get("user").asText()));
        rev = data.get("rev").asLong();
        known = true;
        early.forEach(this::take);
        early.clear();
    }

    /** Changes were lost, or revisions began again: nobody is known until the list is had. */
    synchronized void reset() {
        known = false;
        rev = -1;
        early.clear();
    }

    synchronized void joined(JsonNode data) {
        take(new Change(revOf(data), List.of(user(data.get("member"))), List.of()));
    }

    synchronized void left(JsonNode data) {
        take(new Change(revOf(data), List.of(), List.of(user(data.get("member")))));
    }

    synchronized void changed(JsonNode data) {
        take(new Change(revOf(data), users(data.path("joined")), users(data.path("left"))));
    }

    private static long revOf(JsonNode data) {
        return data.get("rev").asLong();
    }

    private static List<String> users(JsonNode members) {
        List<String> all = new ArrayList<>();
        members.forEach(member -> all.add(user(member)));
        return all;
    }

    private static String user(JsonNode member) {
        return member.get("user").asText();
    }

    private void take(Change change) {
        if (!known) {
            early.add(change);
        } else if (change.rev > rev) {
            rev = change.rev;
            change.left.forEach(users::remove);
            users.addAll(change.joined);
        }
    }

    /** Whether it has come to know exactly these. */
    synchronized boolean is(Set<String> others) {
        return known && users.equals(others);
    }

    @Override
    public synchronized String toString() {
        return (known ? "" : "unknown since ") + users + " at " + rev;
    }
}
