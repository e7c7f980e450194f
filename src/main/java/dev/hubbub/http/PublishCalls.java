package dev.hubbub.http;

import dev.hubbub.access.Permissions;
import dev.hubbub.access.PublishRates;
import dev.hubbub.access.RequestRates;
import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.config.Settings;
import dev.hubbub.protocol.Body;
import dev.hubbub.protocol.BodyDecoder;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.Sender;
import dev.hubbub.room.Rooms;
import dev.hubbub.session.Action;
import dev.hubbub.session.Identity;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The calls that publish: one message to one room, or many at once. */
@Singleton
public class PublishCalls {
    private static final ConnectionId HTTP = new ConnectionId("http");

    private final Rooms rooms;
    private final Permissions permissions;
    private final PublishRates rates;
    private final RequestRates requests;
    private final Settings.Limits limits;
    private final Bodies bodies;
    private final BodyDecoder decoder;

    @Inject
    public PublishCalls(
            Rooms rooms,
            Permissions permissions,
            PublishRates rates,
            RequestRates requests,
            Bodies bodies,
            Settings settings) {
        this.rooms = rooms;
        this.permissions = permissions;
        this.rates = rates;
        this.requests = requests;
        this.bodies = bodies;
        this.limits = settings.limits;
        this.decoder = new BodyDecoder(limits.jsonDepth(), limits.messageBytes());
    }

    CompletionStage<Answer> one(Call call, RoomName room) throws IOException, Call.Wrong {
        String key = call.request().getHeader("Idempotency-Key");
        if (key != null && (key.isEmpty() || key.length() > 128)) {
            throw new Call.Wrong("Idempotency-Key must be 1 to 128 characters");
        }
        return bodies.read(call, limits.messageBytes(), text -> one(call, decoder.one(room.value(), text), key));
    }

    private CompletionStage<Answer> one(Call call, BodyDecoder.Item item, @Nullable String key) {
        if (item.body() != null && item.body().ephemeral() && key != null) {
            return CompletableFuture.completedFuture(
                    Answer.refused(ErrorCode.INVALID_ARGUMENT, "an ephemeral message takes no Idempotency-Key"));
        }
        return publish(call.who(), item, key)
                .thenApply(outcome -> outcome instanceof PublishOutcome.Accepted accepted
                        ? Answer.json(accepted.repeated() ? 200 : 201, accepted(item.room(), accepted))
                        : Answer.refused(((PublishOutcome.Refused) outcome).refusal()));
    }

    private CompletionStage<PublishOutcome> publish(Identity who, BodyDecoder.Item item, @Nullable String key) {
        Body body = item.body();
        Refusal refusal = body == null ? item.refusal() : null;
        if (refusal == null && !RoomName.isValid(item.room())) {
            refusal = Refusal.invalid("room is not a room's name");
        }
        if (refusal != null || body == null) {
            return CompletableFuture.completedFuture(
                    new PublishOutcome.Refused(refusal == null ? Refusal.invalid("payload is missing") : refusal));
        }
        RoomName room = new RoomName(item.room());
        Sender from = new Sender(who.user(), HTTP, who.name());
        Publication publication = new Publication(body, from, who.scoped(key), true);
        return permissions
                .check(who, Action.PUBLISH, room)
                .thenCompose(
                        denied -> denied == null ? rates.take(who, room) : CompletableFuture.completedFuture(denied))
                .thenCompose(refused -> refused == null
                        ? rooms.publish(room, publication)
                        : CompletableFuture.completedFuture(new PublishOutcome.Refused(refused)));
    }

    private static Map<String, Object> accepted(String room, PublishOutcome.Accepted accepted) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("room", room);
        body.put("epoch", accepted.place().epoch());
        if (accepted.place().seq() > 0) {
            body.put("seq", accepted.place().seq());
        }
        body.put("ts", accepted.ts());
        return body;
    }

    /** Many messages in one request: each is answered for itself, and those of one room keep their order. */
    CompletionStage<Answer> many(Call call) throws IOException {
        if (!call.request().getMethod().equals("POST") || call.path().size() > 1) {
            return CompletableFuture.completedFuture(Answer.refused(ErrorCode.NOT_FOUND, "there is no such call"));
        }
        return bodies.read(call, bodies.largestBatch(), text -> batch(call, decoder.many(text)));
    }

    private CompletionStage<Answer> batch(Call call, BodyDecoder.Batch batch) {
        if (batch instanceof BodyDecoder.Batch.Malformed malformed) {
            return CompletableFuture.completedFuture(Answer.refused(malformed.refusal()));
        }
        return batch instanceof BodyDecoder.Batch.Items some
                ? each(call, some.items())
                : CompletableFuture.completedFuture(
                        Answer.refused(413, "the message is larger than " + limits.messageBytes() + " bytes"));
    }

    private CompletionStage<Answer> each(Call call, List<BodyDecoder.Item> items) {
        List<CompletableFuture<Map<String, Object>>> answers = new ArrayList<>();
        Map<String, CompletionStage<PublishOutcome>> lasts = new HashMap<>();
        for (BodyDecoder.Item item : items) {
            // the request was counted, and is the first: many in one are no way past what a user may
            Refusal tooFast = answers.isEmpty() ? null : requests.take(call.who(), call.address());
            CompletionStage<PublishOutcome> outcome = tooFast == null
                    ? next(call.who(), item, lasts)
                    : CompletableFuture.completedFuture(new PublishOutcome.Refused(tooFast));
            answers.add(outcome.exceptionally(failure -> new PublishOutcome.Refused(Unavailable.refusal(failure)))
                    .thenApply(done -> answer(item.room(), done))
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(all -> Answer.json(
                        200,
                        Map.of(
                                "items",
                                answers.stream().map(CompletableFuture::join).toList())));
    }

    /** Behind what was asked before about the same room, unless it comes to the bus at once, which keeps the order itself. */
    private CompletionStage<PublishOutcome> next(
            Identity who, BodyDecoder.Item item, Map<String, CompletionStage<PublishOutcome>> lasts) {
        CompletionStage<PublishOutcome> last = lasts.get(item.room());
        CompletionStage<PublishOutcome> own = last == null || !mayWait(who, item.room())
                ? publish(who, item, null)
                : last.handle((done, failure) -> item).thenCompose(next -> publish(who, next, null));
        lasts.put(item.room(), own);
        return own;
    }

    private boolean mayWait(Identity who, String name) {
        if (!RoomName.isValid(name)) {
            return false;
        }
        RoomName room = new RoomName(name);
        return !permissions.decidesAtOnce(who, room) || !rates.isFree(who, room);
    }

    private static Map<String, Object> answer(String room, PublishOutcome outcome) {
        if (outcome instanceof PublishOutcome.Accepted accepted) {
            return accepted(room, accepted);
        }
        Refusal refusal = ((PublishOutcome.Refused) outcome).refusal();
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", refusal.code().name());
        error.put("message", refusal.message());
        if (refusal.retryAfterMs() > 0) {
            error.put("retryAfterMs", refusal.retryAfterMs());
        }
        return Map.of("room", room, "error", error);
    }
}
