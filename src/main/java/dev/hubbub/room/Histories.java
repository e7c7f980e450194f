package dev.hubbub.room;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.session.Session;
import dev.hubbub.session.Source;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What rooms keep, for whoever asks: as a stream of answers to a session, or as one page. Thread-safe. */
@Singleton
public final class Histories {
    private final Rooms rooms;
    private final Settings settings;

    @Inject
    public Histories(Rooms rooms, Settings settings) {
        this.rooms = rooms;
        this.settings = settings;
    }

    /** Either what was asked for or what was wrong with the question. */
    private record Found(
            Room room,
            @Nullable HistoryRange range,
            @Nullable Refusal refusal) {}

    private CompletionStage<Found> find(RoomName name, @Nullable Place since, @Nullable Place before, int limit) {
        return rooms.obtain(name).thenCompose(room -> {
            Refusal refusal = HistoryRange.refusal(room, since, before);
            return refusal != null
                    ? CompletableFuture.completedFuture(new Found(room, null, refusal))
                    : room.reach(HistoryRange.oldest(room, since, before, limit))
                            .thenApply(reached -> new Found(room, HistoryRange.of(room, since, before, limit), null));
        });
    }

    /** Begins to stream the answers to the session, or says why not. Without an id nobody wants them. */
    public CompletionStage<@Nullable Refusal> stream(
            Session session,
            @Nullable String id,
            RoomName name,
            @Nullable Place since,
            @Nullable Place before,
            int limit) {
        return find(name, since, before, limit).thenApply(found -> {
            HistoryRange range = found.range();
            return range == null || id == null ? found.refusal() : begin(session, id, found.room(), range);
        });
    }

    private @Nullable Refusal begin(Session session, String id, Room room, HistoryRange range) {
        if (session.source(id, true) != null) {
            return Refusal.of(ErrorCode.ALREADY_EXISTS, "a stream with this id is open");
        }
        if (session.sources().stream().filter(Source::isStream).count() >= settings.limits.streams()) {
            return Refusal.of(ErrorCode.RESOURCE_EXHAUSTED, "too many open streams");
        }
        HistoryStream stream = new HistoryStream(id, room, session, range);
        session.add(stream);
        session.ready(stream);
        return null;
    }

    /** One page of a room's history, or why not. */
    public record Page(
            @Nullable HistoryRange range,
            List<byte[]> messages,
            @Nullable Refusal refusal) {}

    public CompletionStage<Page> page(RoomName name, @Nullable Place since, @Nullable Place before, int limit) {
        return find(name, since, before, limit)
                .thenApply(found -> found.range() == null
                        ? new Page(null, List.of(), found.refusal())
                        : page(found.room(), found.range()));
    }

    /** Without a hole: where the log was trimmed while it was read, what lies before that is as good as gone. */
    static Page page(Room room, HistoryRange range) {
        List<byte[]> messages = new ArrayList<>();
        boolean truncated = range.truncated();
        for (long seq = range.from(); seq <= range.to(); seq++) {
            byte[] item = room.log().item(range.head().epoch(), seq);
            if (item == null) {
                truncated = true;
                messages.clear();
            } else {
                messages.add(item);
            }
        }
        return new Page(range.truncated(truncated), messages, null);
    }
}
