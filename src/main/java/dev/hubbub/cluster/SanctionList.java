package dev.hubbub.cluster;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sanctions as a node has them in memory, by names: {@code u user} for a revocation, {@code b room user} for a ban,
 * {@code k room user} for a kick. Their values are times in ms since the epoch. Thread-safe.
 */
public final class SanctionList {
    /** How long it is known that somebody was kicked, to nodes that were not told at once. */
    public static final long KICK_MS = 120_000;

    private static final long SECOND_MS = 1_000;

    private final Map<String, Long> revocations = new ConcurrentHashMap<>();
    /** By room, then by user: a room's are counted. Written while this is locked, and read by anybody. */
    private final Map<String, Map<String, Long>> bans = new ConcurrentHashMap<>();
    /** Of all rooms. Guarded by this. */
    private int banCount;

    /** By the names of room and user. */
    private final Map<String, Long> kicks = new ConcurrentHashMap<>();

    private final Clock clock;
    private final long revocationMs;
    private volatile Sanctions.Remover remover = (room, user, reason) -> {};

    /** @param revocationMs how long a revocation is kept */
    public SanctionList(Clock clock, long revocationMs) {
        this.clock = clock;
        this.revocationMs = revocationMs;
    }

    public static String revocation(UserId user) {
        return "u " + user;
    }

    public static String ban(RoomName room, UserId user) {
        return "b " + room + " " + user;
    }

    public static String kick(RoomName room, UserId user) {
        return "k " + room + " " + user;
    }

    /** Whether something is a sanction's name. */
    public static boolean isName(String name) {
        String[] parts = name.split(" ", -1);
        return switch (parts[0]) {
            case "u" -> parts.length == 2 && UserId.isValid(parts[1]);
            case "b", "k" -> parts.length == 3 && RoomName.isValid(parts[1]) && UserId.isValid(parts[2]);
            default -> false;
        };
    }

    /** The room of a ban. */
    public static Optional<RoomName> room(String name) {
        String[] parts = name.split(" ", -1);
        return parts[0].equals("b") ? Optional.of(new RoomName(parts[1])) : Optional.empty();
    }

    public boolean isRevoked(UserId user, long issuedAt) {
        Long before = revocations.isEmpty() ? null : revocations.get(user.value());
        return before != null && issuedAt / SECOND_MS <= before / SECOND_MS;
    }

    public boolean isBanned(RoomName room, UserId user) {
        Map<String, Long> inRoom = bans.isEmpty() ? null : bans.get(room.value());
        Long until = inRoom == null ? null : inRoom.get(user.value());
        return until != null && until > clock.millis();
    }

    public void onRemove(Sanctions.Remover other) {
        remover = other;
    }

    /** Has whoever is to go out of a room now be taken out here. */
    public void remove(RoomName room, UserId user) {
        remover.remove(room, user, "kicked");
    }

    /** Sets what was heard; a time of 0 takes it off. */
    public void set(String name, long time) {
        String[] parts = name.split(" ", -1);
        if (parts[0].equals("b")) {
            var unused = ban(parts[1], parts[2], time, Integer.MAX_VALUE);
        } else if (parts[0].equals("k")) {
            kicked(parts[1], parts[2], time);
        } else if (time == 0) {
            revocations.remove(parts[1]);
        } else {
            revocations.put(parts[1], time);
        }
    }

    private void kicked(String room, String user, long time) {
        String key = room + " " + user;
        if (time == 0) {
            kicks.remove(key);
        } else if (!Long.valueOf(time).equals(kicks.put(key, time))) {
            remove(new RoomName(room), new UserId(user));
        }
    }

    /** The time of a name; 0 where it is none's. */
    public long time(String name) {
        String[] parts = name.split(" ", -1);
        Map<String, Long> all = parts[0].equals("b") ? bans.getOrDefault(parts[1], Map.of()) : revocations;
        return all.getOrDefault(parts[parts.length - 1], 0L);
    }

    /**
     * As {@link #set}, of a ban, unless so many others hold in its room: then false.
     *
     * @param until 0 to lift it
     */
    public boolean ban(RoomName room, UserId user, long until, int most) {
        return ban(room.value(), user.value(), until, most);
    }

    private boolean ban(String room, String user, long until, int most) {
        Long before;
        synchronized (this) {
            Map<String, Long> inRoom = bans.getOrDefault(room, new ConcurrentHashMap<>());
            if (until == 0) {
                banCount -= inRoom.remove(user) == null ? 0 : 1;
                forgetIfEmpty(room, inRoom);
                return true;
            }
            if (inRoom.size() >= most && !inRoom.containsKey(user)) {
                expire(inRoom);
                if (inRoom.size() >= most) {
                    return false;
                }
            }
            before = inRoom.put(user, until);
            banCount += before == null ? 1 : 0;
            bans.put(room, inRoom);
        }
        if (!Long.valueOf(until).equals(before)) {
            remover.remove(new RoomName(room), new UserId(user), "banned");
        }
        return true;
    }

    private synchronized void forgetIfEmpty(String room, Map<String, Long> inRoom) {
        if (inRoom.isEmpty()) {
            bans.remove(room, inRoom);
        }
    }

    /** Forgets those that are over. */
    public void expire() {
        long now = clock.millis();
        revocations.values().removeIf(time -> time + revocationMs <= now);
        // not before those who tell of them have forgotten them, whose clocks may be others: they would be news again
        kicks.values().removeIf(time -> time + 2 * KICK_MS <= now);
        bans.forEach((room, inRoom) -> {
            synchronized (this) { // room by room: whoever waits does not wait for all of them
                expire(inRoom);
                forgetIfEmpty(room, inRoom);
            }
        });
    }

    private synchronized void expire(Map<String, Long> inRoom) {
        int count = inRoom.size();
        long now = clock.millis();
        inRoom.values().removeIf(until -> until <= now);
        banCount -= count - inRoom.size();
    }

    public synchronized int size() {
        return revocations.size() + kicks.size() + banCount;
    }

    /** As it is now. */
    public Map<String, Long> all() {
        Map<String, Long> all = lasting();
        kicks.forEach((key, time) -> all.put("k " + key, time));
        return all;
    }

    /** The same without kicks, which are over as soon as they are heard. */
    public Map<String, Long> lasting() {
        Map<String, Long> all = new HashMap<>();
        revocations.forEach((user, time) -> all.put("u " + user, time));
        bans.forEach((room, inRoom) -> inRoom.forEach((user, until) -> all.put("b " + room + " " + user, until)));
        return all;
    }

    /** Has exactly these. */
    public void replace(Map<String, Long> all) {
        all.forEach(this::set);
        for (String name : all().keySet()) {
            if (!all.containsKey(name)) {
                set(name, 0);
            }
        }
    }
}
