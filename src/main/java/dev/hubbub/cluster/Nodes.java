package dev.hubbub.cluster;

import dev.hubbub.protocol.UserId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The nodes that live now, by what each says of itself. Thread-safe; never blocks. */
public interface Nodes {
    /**
     * @param name as configured, or made up
     * @param connections open now
     * @param rooms that it has something of
     * @param draining it is about to end, and takes leave of its clients
     */
    record Node(String name, long connections, long rooms, boolean draining) {
        /** The same, about to end. */
        public Node asDraining() {
            return new Node(name, connections, rooms, true);
        }
    }

    /** What this node says of itself, asked again and again; until this is called it is not listed. */
    void tell(Supplier<Node> self);

    /** All that live, by name; what they say is some seconds old. */
    CompletionStage<List<Node>> list();

    /** From now on this node says that it is draining, whatever it says else. Completes when all can see it. */
    CompletionStage<?> drain();

    /**
     * Hears, once, that this node is to drain, unless it has said before that it does; must not wait. Until this is called
     * nobody does.
     */
    void onDrain(Runnable drainer);

    /** Has the nodes of a name drain; completes when all can see that they do, false where none of that name lives. */
    CompletionStage<Boolean> drain(String name);

    /** Ends a user's connections on this node, for a reason. */
    interface Disconnector {
        void disconnect(UserId user, String reason);
    }

    void onDisconnect(Disconnector disconnector);

    /** Has every node end a user's connections, of whatever transport. */
    CompletionStage<?> disconnect(UserId user, String reason);
}
