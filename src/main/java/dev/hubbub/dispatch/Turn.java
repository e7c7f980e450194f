package dev.hubbub.dispatch;

import dev.hubbub.access.Pace;
import dev.hubbub.access.Permissions;
import dev.hubbub.access.Refusals;
import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.protocol.ClientMessage;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.PresenceFrames;
import dev.hubbub.protocol.PresenceMode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomFrames;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.Sender;
import dev.hubbub.protocol.SessionFrames;
import dev.hubbub.room.HistoryStream;
import dev.hubbub.room.Memberships;
import dev.hubbub.room.RoomSubscription;
import dev.hubbub.session.Action;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Session;
import dev.hubbub.session.Source;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One message of one session: what each kind of message does. */
final class Turn extends InOrder implements ClientMessage.Handler {
    private static final CompletionStage<?> DONE = CompletableFuture.completedFuture(null);

    private final Pace pace;

    Turn(Dispatcher with, Session session, Pace pace) {
        super(with, session);
        this.pace = pace;
    }

    @Override
    public void login(ClientMessage.Login message) {
        refuse(message.id(), ErrorCode.FAILED_PRECONDITION, "the session is open already");
    }

    @Override
    public void refresh(ClientMessage.Refresh message) {
        with.refreshes.begin(session, message.token(), refusal -> {
            if (refusal == null) {
                long expiresAt = session.identity().expiresAt();
                answer(message.id(), SessionFrames.refreshReply(message.id(), expiresAt));
            } else {
                refuse(message.id(), refusal);
            }
        });
    }

    @Override
    public void ping(ClientMessage.Ping message) {
        session.answer(SessionFrames.pong(message.id(), message.t()));
    }

    @Override
    public void join(ClientMessage.Join message) {
        inOrder(message, message.room(), () -> {
            Identity asking = session.identity();
            var wish = Permissions.Wish.of(message.presence(), message.since(), message.replay());
            return with.permissions
                    .checkJoin(asking, message.room(), wish)
                    .<@Nullable Object>thenCompose(entry -> entry.refusal() == null
                            ? plain(enter(message, entry)
                                    .thenRun(() -> with.reviews.after(session, asking, message.room())))
                            : refused(message.id(), entry.refusal()));
        });
    }

    private CompletionStage<?> enter(ClientMessage.Join message, Permissions.Entry entry) {
        if (session.source(message.room().value(), false) == null
                && with.lines.roomsBeside(session, message.room()) >= with.settings.limits.rooms()) {
            refuseJoin(message, Refusal.of(ErrorCode.RESOURCE_EXHAUSTED, "too many rooms on this connection"));
            return DONE;
        }
        var ask = new Memberships.Ask(
                message.room(),
                message.since(),
                message.replay(),
                entry.presence(),
                message.status(),
                false,
                entry.recentOnly());
        return with.permanence
                .join(session, ask, done -> answer(message.id(), RoomFrames.joinReply(message.id(), done)))
                .thenAccept(refusal -> {
                    if (refusal != null) {
                        refuseJoin(message, refusal);
                    }
                });
    }

    private void refuseJoin(ClientMessage.Join message, Refusal refusal) {
        with.refusals.count(Refusals.Reason.ROOMS, session.id());
        refuse(message.id(), refusal);
    }

    @Override
    public void leave(ClientMessage.Leave message) {
        if (message.room().isUserRoom()) {
            refuse(message.id(), ErrorCode.FAILED_PRECONDITION, "nobody leaves a user's own room");
            return;
        }
        inOrder(
                message,
                message.room(),
                () -> with.permanence
                        .leave(session, message.room())
                        .thenRun(() -> answer(message.id(), SessionFrames.done(message.type(), message.id()))));
    }

    @Override
    public void publish(ClientMessage.Publish message) {
        Identity identity = session.identity();
        Sender from = new Sender(identity.user(), session.id(), identity.name());
        var publication = new Publication(message.body(), from, identity.scoped(message.key()), message.echo());
        inOrder(message, message.room(), Action.PUBLISH, () -> {
            CompletionStage<@Nullable Refusal> paced = with.publishRates.take(identity, message.room());
            if (paced == Permissions.YES) {
                return send(message, publication);
            }
            return paced.<@Nullable Object>thenCompose(tooFast -> {
                if (tooFast == null) {
                    return plain(send(message, publication));
                }
                with.tooFast(session, pace, message.id(), tooFast);
                return plain(DONE);
            });
        });
    }

    private CompletionStage<?> send(ClientMessage.Publish message, Publication publication) {
        return with.rooms.publish(message.room(), publication).thenAccept(outcome -> published(message, outcome));
    }

    private void published(ClientMessage.Publish message, PublishOutcome outcome) {
        if (outcome instanceof PublishOutcome.Accepted accepted) {
            answer(
                    message.id(),
                    RoomFrames.publishReply(message.id(), message.room(), accepted.place(), accepted.ts()));
        } else if (outcome instanceof PublishOutcome.Refused refused) {
            refuse(message.id(), refused.refusal());
        }
    }

    @Override
    public void history(ClientMessage.History message) {
        inOrder(
                message,
                message.room(),
                Action.HISTORY,
                () -> with.histories.stream(
                                session,
                                message.id(),
                                message.room(),
                                message.since(),
                                message.before(),
                                message.limit())
                        .thenAccept(refusal -> {
                            if (refusal != null) {
                                refuseHistory(message, refusal);
                            }
                        }));
    }

    private void refuseHistory(ClientMessage.History message, Refusal refusal) {
        if (refusal.code() == ErrorCode.RESOURCE_EXHAUSTED) {
            with.refusals.count(Refusals.Reason.STREAMS, session.id());
        }
        refuse(message.id(), refusal);
    }

    @Override
    public void cancel(ClientMessage.Cancel message) {
        Source stream = session.source(message.target(), true);
        if (stream instanceof HistoryStream history) {
            history.cancel();
        }
    }

    private boolean hasPresence(@Nullable String id, RoomName room) {
        boolean has = with.rooms.hasPresence(room);
        if (!has) {
            refuse(id, ErrorCode.FAILED_PRECONDITION, "the room has no presence");
        }
        return has;
    }

    @Override
    public void listPresence(ClientMessage.ListPresence message) {
        // whoever may not see who is there is not told what kind of room it is either
        inOrder(
                message,
                message.room(),
                Action.PRESENCE,
                () -> hasPresence(message.id(), message.room()) ? list(message) : DONE);
    }

    private CompletionStage<?> list(ClientMessage.ListPresence message) {
        return with.presence
                .list(message.room(), message.after(), message.limit())
                .thenAccept(page -> answer(
                        message.id(),
                        PresenceFrames.list(message.id(), page.members(), page.count(), page.rev(), page.next())));
    }

    @Override
    public void updatePresence(ClientMessage.UpdatePresence message) {
        if (!hasPresence(message.id(), message.room())) {
            return;
        }
        inOrder(message, message.room(), () -> setStatus(message));
    }

    private CompletionStage<?> setStatus(ClientMessage.UpdatePresence message) {
        boolean listed = session.source(message.room().value(), false) instanceof RoomSubscription subscription
                && subscription.mode() == PresenceMode.FULL;
        if (!listed) {
            refuse(message.id(), ErrorCode.FAILED_PRECONDITION, "not a member of room " + message.room());
            return DONE;
        }
        return with.presence
                .update(message.room(), session.identity().user(), message.status())
                .thenAccept(done -> answer(message.id(), SessionFrames.done(message.type(), message.id())));
    }
}
