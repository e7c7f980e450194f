package dev.hubbub.dispatch;

import dev.hubbub.access.Permissions;
import dev.hubbub.access.Refusals;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ClientMessage;
import dev.hubbub.protocol.Encoded;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.SessionFrames;
import dev.hubbub.session.Action;
import dev.hubbub.session.Session;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How what a session asks is answered, and what it asks about a room done in the order asked, where it is allowed. */
abstract class InOrder {
    final Dispatcher with;
    final Session session;

    InOrder(Dispatcher with, Session session) {
        this.with = with;
        this.session = session;
    }

    void answer(@Nullable String id, Encoded frame) {
        if (id != null) {
            session.answer(frame);
        }
    }

    void refuse(@Nullable String id, Refusal refusal) {
        session.answer(SessionFrames.error(id, refusal));
    }

    void refuse(@Nullable String id, ErrorCode code, String message) {
        refuse(id, Refusal.of(code, message));
    }

    /** Does it behind what this connection asked about the room before; where it fails, or too much waits, it is told. */
    void inOrder(ClientMessage message, RoomName room, Supplier<CompletionStage<?>> what) {
        CompletionStage<?> returned = with.returns.of(session.id());
        Supplier<CompletionStage<?>> then = returned == null ? what : () -> returned.thenCompose(done -> what.get());
        boolean taken = with.lines.next(
                session.id(), room, kind(message, room, returned == null), () -> told(message, then.get()));
        if (!taken) {
            with.refusals.count(Refusals.Reason.WAITING, session.id());
            refuse(message.id(), ErrorCode.RESOURCE_EXHAUSTED, "too many requests of this connection wait");
        }
    }

    private CompletionStage<?> told(ClientMessage message, CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            return stage;
        }
        return stage.whenComplete((done, failure) -> {
            if (failure != null) {
                refuse(message.id(), Unavailable.refusal(failure));
            }
        });
    }

    /** The same, where it is allowed when its turn comes; where not, that is told. */
    void inOrder(ClientMessage message, RoomName room, Action action, Supplier<CompletionStage<?>> what) {
        inOrder(message, room, () -> {
            CompletionStage<@Nullable Refusal> checked = with.permissions.check(session.identity(), action, room);
            if (checked == Permissions.YES) {
                return what.get();
            }
            return checked.<@Nullable Object>thenCompose(
                    refusal -> refusal == null ? plain(what.get()) : refused(message.id(), refusal));
        });
    }

    CompletionStage<@Nullable Object> refused(@Nullable String id, Refusal refusal) {
        refuse(id, refusal);
        return CompletableFuture.completedFuture(null);
    }

    /** Of which only the end counts. */
    static CompletionStage<@Nullable Object> plain(CompletionStage<?> stage) {
        return stage.thenApply(done -> null);
    }

    private Lines.Kind kind(ClientMessage message, RoomName room, boolean atOnce) {
        if (message instanceof ClientMessage.Join) {
            return Lines.Kind.JOIN;
        }
        // publishes that wait for anything before they reach the bus would come to it in any order
        return message instanceof ClientMessage.Publish
                        && atOnce
                        && with.permissions.decidesAtOnce(session.identity(), room)
                        && with.publishRates.isFree(session.identity(), room)
                ? Lines.Kind.PUBLISH
                : Lines.Kind.OTHER;
    }
}
