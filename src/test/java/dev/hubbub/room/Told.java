package dev.hubbub.room;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.config.Overflow;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything that one connection was told of one room, and holds it against the promise: each kept message after
 * the place asked for, in order, once, or an explicit word on exactly what was left out.
 */
final class Told {
    /** What a join must be answered with, where the test knows. */
    record Expected(
            long head,
            @Nullable Boolean recovered,
            long replayed,
            long standing,
            @Nullable String reset) {}

    private final String room;
    private final String conn;
    private final Overflow policy;
    /** What the log has at least, whoever lags. */
    private final long kept;

    private final Map<String, Expected> joins;
    /** The room's messages by seq, as payload text. */
    private final LongFunction<@Nullable String> messages;
    /** Whether a connection is not sent a message. */
    private final BiPredicate<Long, String> excluded;

    private boolean inside;
    private long at;
    private String reset = "";
    private long ephemeral = -1;
    private final Map<String, Long> newestOf = new HashMap<>();

    Told(
            String room,
            String conn,
            Overflow policy,
            int historySize,
            Map<String, Expected> joins,
            LongFunction<@Nullable String> messages,
            BiPredicate<Long, String> excluded) {
        this.room = room;
        this.conn = conn;
        this.policy = policy;
        this.kept = Math.max(64, historySize);
        this.joins = joins;
        this.messages = messages;
        this.excluded = excluded;
    }

    /** Reads it all; the place that it leads to, or -1 where the connection is not in the room at its end. */
    long read(List<JsonNode> frames) {
        for (JsonNode frame : frames) {
            try {
                read(frame);
            } catch (AssertionError e) {
                throw new AssertionError(
                        conn + " stood at " + at + " in " + room + ", was told " + frame + ": " + e.getMessage(), e);
            }
        }
        return inside ? passExcluded(at + 1) - 1 : -1;
    }

    /** Where a subscriber is that needs nothing from {@code seq} on which it is not sent. */
    private long passExcluded(long seq) {
        long next = seq;
        while (messages.apply(next) != null && excluded.test(next, conn)) {
            next++;
        }
        return next;
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private void read(JsonNode frame) {
        JsonNode data = frame.path("data");
        if (!data.path("room").asText().equals(room)) {
            return;
        }
        switch (frame.path("type").asText()) {
            case "room.join.reply" -> joined(frame.path("id").asText(), data);
            case "room.leave.reply" -> {
                inside = false;
                reset = "";
            }
            case "room.published" -> {
                check(inside, "a message outside of a membership");
                if (data.has("seq")) {
                    message(data.path("seq").asLong(), data);
                } else {
                    ephemeral(data.path("payload").path("n").asLong());
                }
            }
            case "room.reset" -> reset(data);
            case "room.skipped" -> skipped(data);
            default -> {}
        }
    }

    private void joined(String id, JsonNode data) {
        long head = data.path("seq").asLong();
        long replayed = data.path("replayed").asLong();
        check(replayed >= 0 && replayed <= head, "a number replayed that cannot be");
        Boolean recovered =
                data.has("recovered") ? Boolean.valueOf(data.path("recovered").asBoolean()) : null;
        Expected expected = joins.get(id);
        if (expected != null) {
            check(head == expected.head, "the head was " + expected.head);
            check(java.util.Objects.equals(recovered, expected.recovered), "recovered should be " + expected.recovered);
            check(replayed == expected.replayed, "replayed should be " + expected.replayed);
            if (expected.standing >= 0) {
                at = expected.standing;
                reset = expected.reset == null ? "" : expected.reset;
            }
        } else {
            at = head - replayed;
            reset = Boolean.FALSE.equals(recovered) ? "any" : "";
        }
        inside = true;
    }

    private void message(long seq, JsonNode data) {
        check(reset.isEmpty(), "a room.reset should come first");
        check(passExcluded(at + 1) == seq, "the next should be " + passExcluded(at + 1));
        check(data.path("payload").toString().equals(messages.apply(seq)), "it was " + messages.apply(seq));
        at = seq;
    }

    private void ephemeral(long number) {
        check(number > ephemeral, "an ephemeral one after " + ephemeral);
        ephemeral = number;
    }

    private void reset(JsonNode data) {
        check(inside, "a reset outside of a membership");
        long seq = data.path("seq").asLong();
        String reason = data.path("reason").asText();
        if (reset.isEmpty()) {
            check(policy == Overflow.REPLAY, "a reset under another policy");
            check(reason.equals("trimmed"), "another reason");
            check(at + 1 <= seq - kept, "a reset though the log had it all");
        } else {
            check(reset.equals("any") || reset.equals(reason), "the reason should be " + reset);
            check(seq == at, "it should go on from " + at);
        }
        reset = "";
        at = seq;
    }

    private void skipped(JsonNode data) {
        check(inside, "a skip outside of a membership");
        check(reset.isEmpty(), "a room.reset should come first");
        check(policy == Overflow.SKIP || policy == Overflow.LATEST, "a skip under another policy");
        long from = data.path("from").asLong();
        long to = data.path("to").asLong();
        check(from > at && from <= passExcluded(at + 1), "the skip should begin behind " + at);
        check(to >= from, "an empty skip");
        check(messages.apply(to + 1) != null, "a skip to the log's end");
        if (policy == Overflow.LATEST) {
            for (long seq = from; seq <= to; seq++) {
                check(isTrimmed(seq) || isSuperseded(seq), "skipped " + seq + ", which is the newest of its name");
            }
        } else {
            check(isTrimmed(from), "skipped though the log had it all");
        }
        at = to;
    }

    /** Whether so many follow it that it may be gone. */
    private boolean isTrimmed(long seq) {
        return messages.apply(seq + kept) != null;
    }

    /** Whether a newer value of the same thing follows. */
    private boolean isSuperseded(long seq) {
        String name = conflate(seq);
        if (name == null) {
            return false;
        }
        long newest = newestOf.computeIfAbsent(name, n -> {
            long last = 0;
            for (long s = 1; messages.apply(s) != null; s++) {
                last = n.equals(conflate(s)) ? s : last;
            }
            return last;
        });
        return newest > seq;
    }

    private @Nullable String conflate(long seq) {
        String text = messages.apply(seq);
        int c = text == null ? -1 : text.indexOf("\"c\":\"");
        return c < 0 ? null : text.substring(c + 5, text.indexOf('"', c + 5));
    }
}
