package dev.hubbub.sse;

import dev.hubbub.access.Caps;
import dev.hubbub.access.Entrance;
import dev.hubbub.access.Permissions;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Admission;
import dev.hubbub.session.Identity;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A stream that asks to be let in: who it is, then each of its rooms in turn. It has its place while others decide, and no
 * thread waits for them. Each stage has it for itself, one after the other.
 */
final class Arrival {
    private final Entrance entrance;
    private final StreamRequest asked;
    private final StreamCursor cursor;
    private final boolean lost;
    private final List<Joining> joinings = new ArrayList<>();
    private @Nullable Identity identity;

    Arrival(Entrance entrance, StreamRequest asked) {
        this.entrance = entrance;
        this.asked = asked;
        this.cursor = new StreamCursor(asked.rooms());
        this.lost = asked.isReconnect() && !cursor.resume(asked.lastEventId());
    }

    /** Completes with null where it may come in, and with all that {@link EventStreams} needs then. */
    CompletionStage<@Nullable Refusal> decide(HttpServletRequest request, Caps.Place place) {
        return entrance.admitStream(request, asked.isReconnect(), place).thenCompose(admission -> {
            if (admission instanceof Admission.Refused refused) {
                return CompletableFuture.completedFuture(refused.refusal());
            }
            Identity who = ((Admission.Admitted) admission).identity();
            identity = who;
            return join(who, 0);
        });
    }

    /** From one room on; none is asked about behind one that is refused. */
    private CompletionStage<@Nullable Refusal> join(Identity who, int index) {
        if (index == asked.rooms().size()) {
            return CompletableFuture.completedFuture(null);
        }
        RoomName room = asked.rooms().get(index);
        Permissions.Wish wish = asked.wish(cursor.place(index), lost);
        return entrance.join(who, room, wish).thenCompose(entry -> {
            if (entry.refusal() != null) {
                return CompletableFuture.completedFuture(entry.refusal());
            }
            joinings.add(new Joining(room, wish, entry, lost));
            return join(who, index + 1);
        });
    }

    Identity identity() {
        if (identity == null) {
            throw new IllegalStateException("nobody was let in");
        }
        return identity;
    }

    StreamCursor cursor() {
        return cursor;
    }

    List<Joining> joinings() {
        return joinings;
    }
}
