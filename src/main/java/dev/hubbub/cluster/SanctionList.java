package dev.hubbub.cluster;

import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sanctions as a node has them in memory, by names: {@code u user} for a revocation, {@code b room user} for a ban. Their
 * values are times in ms since the epoch. Thread-safe.
 */
public final class SanctionList {
    private static final long SECOND_MS = 1_000;

    private final Map<String, Long> times = new ConcurrentHashMap<>();
    private final Clock clock;
    private final long revocationMs;
    private volatile Sanctions.BanListener listener = (room, user) -> {};

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

    /** Whether something is a sanction's name. */
    public static boolean isName(String name) {
        String[] parts = name.split(" ", -1);
        return switch (parts[0]) {
            case "u" -> parts.length == 2 && UserId.isValid(parts[1]);
            case "b" -> parts.length == 3 && RoomName.isValid(parts[1]) && UserId.isValid(parts[2]);
            default -> false;
        };
    }

    public boolean isRevoked(UserId user, long issuedAt) {
        Long before = times.isEmpty() ? null : times.get(revocation(user));
        return before != null && issuedAt / SECOND_MS <= before / SECOND_MS;
    }

    public boolean isBanned(RoomName room, UserId user) {
        Long until = times.isEmpty() ? null : times.get(ban(room, user));
        return until != null && until > clock.millis();
    }

    public void onBan(Sanctions.BanListener other) {
        listener = other;
    }

    /** Sets what was heard; a time of 0 takes it off. */
    public void set(String name, long time) {
        if (time == 0) {
            times.remove(name);
        } else if (!Long.valueOf(time).equals(times.put(name, time))) {
            tell(name);
        }
    }

    private void tell(String name) {
        String[] parts = name.split(" ", -1);
        if (parts[0].equals("b")) {
            listener.banned(new RoomName(parts[1]), new UserId(parts[2]));
        }
    }

    /** How long a sanction is to be kept, from its time on, in ms. */
    public long lifeMs(String name) {
        return name.startsWith("u") ? revocationMs : 0;
    }

    /** Forgets those that are over. */
    public void expire() {
        long now = clock.millis();
        times.entrySet().removeIf(e -> e.getValue() + lifeMs(e.getKey()) <= now);
    }

    public int size() {
        return times.size();
    }

    /** As it is now. */
    public Map<String, Long> all() {
        return Map.copyOf(times);
    }

    /** Has exactly these. */
    public void replace(Map<String, Long> all) {
        all.forEach(this::set);
        times.keySet().retainAll(all.keySet());
    }
}
