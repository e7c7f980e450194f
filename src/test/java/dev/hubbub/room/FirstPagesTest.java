package dev.hubbub.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.cluster.PresenceStore;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RawJson;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class FirstPagesTest {
    private static final RoomName ROOM = new RoomName("lobby");

    /** Answers a list when the test says so. */
    private static final class LateStore implements PresenceStore {
        private final List<CompletableFuture<Page>> lists = new ArrayList<>();

        @Override
        public CompletionStage<Page> list(RoomName room, UserId after, int limit) {
            CompletableFuture<Page> list = new CompletableFuture<>();
            lists.add(list);
            return list;
        }

        void answer(int list) {
            lists.get(list).complete(new Page(List.of(), 0, list, null));
        }

        @Override
        public void listen(Listener listener) {}

        @Override
        public CompletionStage<Long> enter(RoomName room, Presence presence, RawJson status) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void leave(RoomName room, ConnectionId conn, UserId user, boolean atOnce) {}

        @Override
        public CompletionStage<Boolean> update(RoomName room, UserId user, RawJson status) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void forget(RoomName room) {}

        @Override
        public void tick() {}
    }

    private final LateStore store = new LateStore();
    private final FirstPages pages = new FirstPages(store);

    private CompletableFuture<PresenceStore.Page> ask(RoomName room) {
        return pages.ask(room).toCompletableFuture();
    }

    @Test
    void allWhoAskWhileAPageIsReadShareTheNext() {
        CompletableFuture<PresenceStore.Page> first = ask(ROOM);
        CompletableFuture<PresenceStore.Page> second = ask(ROOM);
        CompletableFuture<PresenceStore.Page> third = ask(ROOM);
        assertThat(store.lists).hasSize(1);
        store.answer(0);
        assertThat(first.join().rev()).isZero();
        assertThat(second).isNotDone();
        assertThat(store.lists).hasSize(2);
        CompletableFuture<PresenceStore.Page> fourth = ask(ROOM);
        store.answer(1);
        assertThat(second.join().rev()).isEqualTo(1);
        assertThat(third.join().rev()).isEqualTo(1);
        store.answer(2);
        assertThat(fourth.join().rev()).isEqualTo(2);
        assertThat(store.lists).hasSize(3);
    }

    @Test
    void roomsDoNotWaitForEachOther() {
        ask(ROOM);
        ask(new RoomName("other"));
        assertThat(store.lists).hasSize(2);
    }

    @Test
    void aReadThatFailsIsTriedAgainForThoseWhoCameAfter() {
        CompletableFuture<PresenceStore.Page> first = ask(ROOM);
        CompletableFuture<PresenceStore.Page> second = ask(ROOM);
        store.lists.get(0).completeExceptionally(Unavailable.away());
        assertThat(first).isCompletedExceptionally();
        store.answer(1);
        assertThat(second).isCompleted();
        ask(ROOM);
        assertThat(store.lists).hasSize(3);
    }
}
