package dev.hubbub.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a client can say. {@code id} is null where it wants no answer. A new message does not compile until every
 * {@link Handler} has a method for it.
 */
public sealed interface ClientMessage {
    @Nullable
    String id();

    /** The word on the wire, such as {@code room.join}. */
    String type();

    void accept(Handler handler);

    /** One method per message; an implementation answers by its own means. */
    interface Handler {
        void login(Login message);

        void refresh(Refresh message);

        void ping(Ping message);

        void join(Join message);

        void leave(Leave message);

        void publish(Publish message);

        void history(History message);

        void listPresence(ListPresence message);

        void updatePresence(UpdatePresence message);

        void cancel(Cancel message);
    }

    record Login(@Nullable String id, String token) implements ClientMessage {
        @Override
        public String type() {
            return "auth.login";
        }

        @Override
        public void accept(Handler handler) {
            handler.login(this);
        }
    }

    record Refresh(@Nullable String id, String token) implements ClientMessage {
        @Override
        public String type() {
            return "auth.refresh";
        }

        @Override
        public void accept(Handler handler) {
            handler.refresh(this);
        }
    }

    /** {@code t} comes back in the pong as it was. */
    record Ping(@Nullable String id, @Nullable RawJson t) implements ClientMessage {
        @Override
        public String type() {
            return "ping";
        }

        @Override
        public void accept(Handler handler) {
            handler.ping(this);
        }
    }

    /** {@code replay} is the number of latest messages wanted; {@code since} wins. Null fields stay as they were. */
    record Join(
            @Nullable String id,
            RoomName room,
            @Nullable Place since,
            int replay,
            @Nullable PresenceMode presence,
            @Nullable RawJson status)
            implements ClientMessage {
        @Override
        public String type() {
            return "room.join";
        }

        @Override
        public void accept(Handler handler) {
            handler.join(this);
        }
    }

    record Leave(@Nullable String id, RoomName room) implements ClientMessage {
        @Override
        public String type() {
            return "room.leave";
        }

        @Override
        public void accept(Handler handler) {
            handler.leave(this);
        }
    }

    record Publish(
            @Nullable String id,
            RoomName room,
            Body body,
            @Nullable String key,
            boolean echo) implements ClientMessage {
        @Override
        public String type() {
            return "room.publish";
        }

        @Override
        public void accept(Handler handler) {
            handler.publish(this);
        }
    }

    record History(
            @Nullable String id,
            RoomName room,
            @Nullable Place since,
            @Nullable Place before,
            int limit) implements ClientMessage {
        @Override
        public String type() {
            return "room.history";
        }

        @Override
        public void accept(Handler handler) {
            handler.history(this);
        }
    }

    record ListPresence(
            @Nullable String id, RoomName room, @Nullable UserId after, int limit) implements ClientMessage {
        @Override
        public String type() {
            return "presence.list";
        }

        @Override
        public void accept(Handler handler) {
            handler.listPresence(this);
        }
    }

    record UpdatePresence(@Nullable String id, RoomName room, RawJson status) implements ClientMessage {
        @Override
        public String type() {
            return "presence.update";
        }

        @Override
        public void accept(Handler handler) {
            handler.updatePresence(this);
        }
    }

    /** Ends the stream of answers to the request {@code target}. */
    record Cancel(@Nullable String id, String target) implements ClientMessage {
        @Override
        public String type() {
            return "cancel";
        }

        @Override
        public void accept(Handler handler) {
            handler.cancel(this);
        }
    }
}
