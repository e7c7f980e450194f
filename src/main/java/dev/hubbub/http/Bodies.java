package dev.hubbub.http;

import static java.util.concurrent.CompletableFuture.completedFuture;

import dev.hubbub.access.BatchBudget;
import dev.hubbub.access.ByteBudget;
import dev.hubbub.access.Refusals;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.BodyDecoder;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the bodies of requests, and no thread waits for them: the container calls when more has come. Each has a time in
 * all, and what batches have beyond one message is limited, for each user and for all together. Thread-safe.
 */
@Singleton
public class Bodies {
    private static final Pattern JSON =
            Pattern.compile("application/([a-z.-]+\\+)?json\\s*(;.*)?", Pattern.CASE_INSENSITIVE);
    private static final int CHUNK = 4096;

    /** How the reading of a body ends. */
    private enum End {
        WHOLE,
        TOO_LARGE,
        NO_ROOM,
        LATE,
        BROKEN
    }

    private final Settings.Limits limits;
    private final Refusals refusals;
    private final BatchBudget budget;

    @Inject
    public Bodies(Settings settings, BatchBudget budget, Refusals refusals) {
        this.limits = settings.limits;
        this.budget = budget;
        this.refusals = refusals;
    }

    /** The longest body that asks for many messages. */
    int largestBatch() {
        return (int) Math.min(Integer.MAX_VALUE / 2, (long) limits.messageBytes() * BodyDecoder.MOST);
    }

    /**
     * Hands the body on as text once all of it is there, or answers why not.
     *
     * @param most bytes that it may have
     */
    CompletionStage<Answer> read(Call call, int most, Function<String, CompletionStage<Answer>> then)
            throws IOException {
        String kind = call.request().getContentType();
        if (kind != null && !JSON.matcher(kind).matches()) {
            return completedFuture(Answer.refused(415, "the body must be application/json"));
        }
        if (call.request().getContentLengthLong() > patience(most)) {
            return completedFuture(tooLarge(most));
        }
        AsyncContext context = call.request().startAsync();
        context.setTimeout(0); // it has a time of its own, and so has what follows
        Reader reader = new Reader(call, most);
        reader.in.setReadListener(reader);
        return reader.ended
                .completeOnTimeout(End.LATE, limits.bodyMs(), TimeUnit.MILLISECONDS)
                .thenCompose(end -> switch (end) {
                    case WHOLE -> reader.handOn(then);
                    case TOO_LARGE -> completedFuture(tooLarge(most));
                    case NO_ROOM -> completedFuture(reader.noRoom());
                    case LATE -> completedFuture(late(call));
                    case BROKEN -> completedFuture(Answer.last(400, "the body did not come to its end"));
                })
                .whenComplete((answer, failure) -> reader.share.giveBack());
    }

    /** Many clients hear no answer before they have sent all: so much is read, and what is too much thrown away. */
    private long patience(int most) {
        return (long) most + largestBatch();
    }

    private Answer late(Call call) {
        refusals.count(Refusals.Reason.BODY_TIME, call.address());
        return Answer.last(408, "the body did not come in time");
    }

    private static Answer tooLarge(int most) {
        return Answer.refused(413, "the body is larger than " + most + " bytes");
    }

    /** One body. The container calls it one call at a time. */
    private final class Reader implements ReadListener {
        private final ServletInputStream in;
        private final int most;
        private final CompletableFuture<End> ended = new CompletableFuture<>();
        /** What it has beyond one message. */
        private final ByteBudget.Share share;
        /** Empty where it is not handed on. */
        private ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        /** How it ends when it has come to its end, as far as that is known. */
        private End verdict = End.WHOLE;

        /** Why there is no room for it, where there is none. */
        private @Nullable Refusal refusal;

        private long read;

        Reader(Call call, int most) throws IOException {
            this.in = call.request().getInputStream();
            this.most = most;
            this.share = budget.share(call.who(), call.address());
        }

        @Override
        public void onDataAvailable() throws IOException {
            byte[] chunk = new byte[CHUNK];
            while (!ended.isDone() && in.isReady()) {
                int count = in.read(chunk);
                if (count < 0) {
                    return; // it is told by itself that this was all
                }
                take(chunk, count);
            }
        }

        private void take(byte[] chunk, int count) {
            read += count;
            if (verdict == End.WHOLE) {
                verdict = read > most ? End.TOO_LARGE : hasRoom() ? End.WHOLE : End.NO_ROOM;
                if (verdict == End.WHOLE) {
                    bytes.write(chunk, 0, count);
                } else {
                    share.giveBack();
                    bytes = new ByteArrayOutputStream(0);
                }
            }
            if (read > patience(most)) {
                ended.complete(verdict);
            }
        }

        @Override
        public void onAllDataRead() {
            ended.complete(verdict);
        }

        @Override
        public void onError(Throwable failure) {
            ended.complete(End.BROKEN);
        }

        private boolean hasRoom() {
            refusal = share.grow(read - limits.messageBytes());
            return refusal == null;
        }

        private Answer noRoom() {
            return Answer.refused(Objects.requireNonNull(refusal));
        }

        private CompletionStage<Answer> handOn(Function<String, CompletionStage<Answer>> then) {
            try {
                return then.apply(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes.toByteArray()))
                        .toString());
            } catch (CharacterCodingException e) {
                return completedFuture(Answer.refused(ErrorCode.INVALID_ARGUMENT, "the body is not UTF-8"));
            }
        }
    }
}
