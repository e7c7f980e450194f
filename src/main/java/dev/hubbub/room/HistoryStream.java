package dev.hubbub.room;

import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.HistoryFrames;
import dev.hubbub.session.Batch;
import dev.hubbub.session.Session;
import dev.hubbub.session.Source;
import java.util.ArrayList;
import java.util.List;

/** The answers to one history request, made page by page as the connection takes them. */
public final class HistoryStream extends Source {
    private static final int PAGE = 100;
    private static final int PAGE_BYTES = 32 * 1024;

    private final String id;
    private final Room room;
    private final Session session;
    private final HistoryRange range;
    /** The loop's own, as {@code truncated}. */
    private long next;

    private boolean truncated;
    /** Set by the reading thread. */
    private volatile boolean cancelled;

    HistoryStream(String id, Room room, Session session, HistoryRange range) {
        this.id = id;
        this.room = room;
        this.session = session;
        this.range = range;
        this.next = range.from();
        this.truncated = range.truncated();
    }

    @Override
    public String name() {
        return id;
    }

    @Override
    public boolean isStream() {
        return true;
    }

    /** Ends it early; it is still told complete. */
    public void cancel() {
        cancelled = true;
    }

    @Override
    public boolean fill(Batch batch) {
        if (batch.room() < Batch.GATHERED) {
            return true; // a page is worth a batch of its own
        }
        List<byte[]> page = cancelled ? List.of() : page();
        if (!page.isEmpty()) {
            return batch.add(HistoryFrames.page(id, page));
        }
        Encoded complete =
                HistoryFrames.complete(id, range.head(), range.first(), truncated, cancelled && next <= range.to());
        session.remove(this);
        return !batch.add(complete);
    }

    private List<byte[]> page() {
        List<byte[]> page = new ArrayList<>();
        int bytes = 0;
        while (next <= range.to() && page.size() < PAGE && bytes < PAGE_BYTES) {
            byte[] item = room.log().item(range.head().epoch(), next);
            if (item == null) {
                truncated = true; // trimmed since the range was made
            } else {
                page.add(item);
                bytes += item.length;
            }
            next++;
        }
        return page;
    }
}
