package dev.hubbub.redis;

import dev.hubbub.cluster.Directory.Local;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one node asks of all.
 *
 * @param number of whoever asks
 * @param process that asks
 * @param what kind of things is asked for
 * @param of whose, which one, or with what prefix
 */
record Question(String number, String process, String what, String of, String after, int limit) {
    /** Of one page. */
    private static final int MOST = 1_000;

    String note() {
        return "q " + number + " " + process + " " + what + " " + limit + "\n" + of + "\n" + after;
    }

    /** @throws Note.Garbage where it is something else */
    static Question of(Note note) {
        String[] body = new String(note.body(), StandardCharsets.UTF_8).split("\n", -1);
        long limit = note.number(3);
        if (body.length != 2 || limit < 1 || limit > MOST) {
            throw new Note.Garbage("no question");
        }
        return new Question(note.field(0), note.field(1), note.field(2), body[0], body[1], (int) limit);
    }

    /** @throws Note.Garbage where nobody asks so */
    String answer(Local own) {
        try {
            return switch (what) {
                case "connections" ->
                    Listed.CONNECTIONS.text(
                            own.connections(of.isEmpty() ? null : new UserId(of), after, limit + 1), limit);
                case "connection" -> Listed.CONNECTIONS.text(orNone(own.connection(new ConnectionId(of))), limit);
                case "rooms" -> Listed.ROOMS.text(own.rooms(of, after, limit + 1), limit);
                case "room" -> Listed.ROOMS.text(orNone(own.room(new RoomName(of))), limit);
                default -> throw new Note.Garbage("an unknown question");
            };
        } catch (IllegalArgumentException e) {
            throw new Note.Garbage("no such name");
        }
    }

    private static <T> List<T> orNone(@Nullable T found) {
        return found == null ? List.of() : List.of(found);
    }
}
