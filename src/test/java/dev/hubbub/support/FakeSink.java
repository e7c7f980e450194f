package dev.hubbub.support;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.protocol.CloseCode;
import dev.hubbub.protocol.TextFrame;
import dev.hubbub.session.Batch;
import dev.hubbub.session.FrameSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection that keeps all it was sent, and can read slowly, not at all, or break. It notes what no sink
 * should see: two writes at once, frames that are not what the batch says. Thread-safe.
 */
public final class FakeSink implements FrameSink {
    private final List<JsonNode> frames = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final Executor completions;
    private @Nullable Completion held;
    private boolean writing;
    private boolean stalled;
    private boolean broken;
    private @Nullable RuntimeException thrown;
    private @Nullable CloseCode closed;
    private boolean aborted;

    public FakeSink() {
        this(Runnable::run);
    }

    /** @param completions where finished writes are told */
    public FakeSink(Executor completions) {
        this.completions = completions;
    }

    @Override
    public void write(Batch batch, Completion completion) {
        synchronized (this) {
            if (thrown != null) {
                throw thrown;
            }
            if (writing) {
                faults.add("a write while another is in flight");
            }
            if (closed != null) {
                faults.add("a write after the close");
            }
            if (broken) {
                return;
            }
            for (int run = 0; run < batch.runs(); run++) {
                take(batch, run);
            }
            writing = true;
            held = completion;
            if (stalled) {
                return;
            }
        }
        completions.execute(this::complete);
    }

    private void take(Batch batch, int run) {
        byte[] in = batch.bytes(run);
        int end = batch.offset(run) + batch.length(run);
        long place = batch.seq(run);
        for (int at = batch.offset(run); at < end; ) {
            int length = TextFrame.payloadLength(in, at);
            at += TextFrame.headerLength(length);
            JsonNode frame = StrictJson.parse(new String(in, at, length, StandardCharsets.UTF_8));
            at += length;
            frames.add(frame);
            if (batch.source(run) != null && place(frame) != place) {
                faults.add("the batch says that " + frame + " leads to " + place);
            }
            place++;
        }
    }

    private static long place(JsonNode frame) {
        return frame.path("data")
                .path(frame.path("type").asText().equals("room.skipped") ? "to" : "seq")
                .asLong(-1);
    }

    private void complete() {
        Completion completion;
        synchronized (this) {
            completion = held;
            held = null;
            writing = false;
        }
        if (completion != null) {
            completion.written();
        }
    }

    /** It reads no more: a write stays in flight. */
    public synchronized void stall() {
        stalled = true;
    }

    /** It reads what is in flight, and no more. */
    public void readOne() {
        complete();
    }

    /** It reads on. */
    public void resume() {
        synchronized (this) {
            stalled = false;
        }
        complete();
    }

    /** The connection breaks. */
    public void breakOff() {
        Completion completion;
        synchronized (this) {
            broken = true;
            completion = held;
            held = null;
        }
        if (completion != null) {
            completion.failed(new IOException("broken"));
        }
    }

    /** Every further write throws this. */
    public synchronized void failWith(RuntimeException cause) {
        thrown = cause;
    }

    @Override
    public void tick(long now, boolean ping) {}

    @Override
    public boolean answersPings() {
        return false;
    }

    @Override
    public synchronized void close(CloseCode code, String reason) {
        if (closed != null) {
            faults.add("a second close");
        }
        closed = code;
    }

    @Override
    public synchronized void abort() {
        broken = true;
        aborted = true;
    }

    /** Whether the server has cut it off. */
    public synchronized boolean isAborted() {
        return aborted;
    }

    /** Everything it was sent, in order. */
    public synchronized List<JsonNode> frames() {
        return List.copyOf(frames);
    }

    public List<JsonNode> frames(String type) {
        return frames().stream()
                .filter(f -> f.path("type").asText().equals(type))
                .toList();
    }

    public synchronized List<String> faults() {
        return List.copyOf(faults);
    }

    public synchronized @Nullable CloseCode closed() {
        return closed;
    }
}
