package dev.hubbub.support;

import dev.hubbub.cluster.Message;
import dev.hubbub.cluster.Publication;
import dev.hubbub.cluster.PublishOutcome;
import dev.hubbub.cluster.RoomBus;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.Place;
import dev.hubbub.protocol.Raw;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.Sender;
import dev.hubbub.protocol.UserId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;

/**
 * A bus with a history of its own that answers when the test says so: each call is a stage to complete. The users' own
 * rooms are attached at once. One thread.
 */
public final class FarBus implements RoomBus {
    /** A read that waits for its answer. */
    public record Read(Place from, long before, CompletableFuture<List<Message>> answer) {}

    public final Map<RoomName, Listener> listeners = new HashMap<>();
    public final List<CompletableFuture<Place>> attaches = new ArrayList<>();
    public final List<CompletableFuture<PublishOutcome>> publishes = new ArrayList<>();
    public final List<Read> reads = new ArrayList<>();
    public final List<CompletableFuture<Boolean>> refreshes = new ArrayList<>();

    /** Whether users' own rooms wait as well. */
    public boolean holdUserRooms;
    /** How far its clock is ahead of the node's, in ms. */
    public long aheadMs;

    public static Message message(String epoch, long seq) {
        Sender from = new Sender(new UserId("u"), new ConnectionId("c"), null);
        return new Message(new Place(epoch, seq), seq, Raw.body(String.valueOf(seq)), from, null);
    }

    public static List<Message> messages(String epoch, long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(seq -> message(epoch, seq))
                .toList();
    }

    /** Answers the latest attach: the room's head is there. */
    public void attached(RoomName room, Place head) {
        listeners.get(room).onBegin(head, 1);
        attaches.get(attaches.size() - 1).complete(head);
    }

    @Override
    public CompletionStage<Place> attach(RoomName room, Listener listener) {
        listeners.put(room, listener);
        CompletableFuture<Place> attach = new CompletableFuture<>();
        attaches.add(attach);
        if (room.isUserRoom() && !holdUserRooms) {
            attached(room, new Place("own", 0));
        }
        return attach;
    }

    @Override
    public long aheadMs() {
        return aheadMs;
    }

    @Override
    public void detach(RoomName room) {
        listeners.remove(room);
    }

    @Override
    public CompletionStage<?> refresh(RoomName room) {
        CompletableFuture<Boolean> refresh = new CompletableFuture<>();
        refreshes.add(refresh);
        return refresh;
    }

    @Override
    public boolean keepsHistory() {
        return true;
    }

    @Override
    public CompletionStage<PublishOutcome> publish(RoomName room, Publication publication) {
        CompletableFuture<PublishOutcome> publish = new CompletableFuture<>();
        publishes.add(publish);
        return publish;
    }

    @Override
    public CompletionStage<List<Message>> read(RoomName room, Place from, long before) {
        Read read = new Read(from, before, new CompletableFuture<>());
        reads.add(read);
        return read.answer();
    }
}
