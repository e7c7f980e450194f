package dev.hubbub.checker;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/** A connection to a node. One thread's. */
interface Link extends AutoCloseable {
    /** @param cursor the event's id; null on a WebSocket, and where there is none */
    record Frame(String cursor, JsonNode envelope) {
        String type() {
            return envelope.get("type").asText();
        }

        JsonNode data() {
            return envelope.path("data");
        }
    }

    /**
     * The next frame, held against its schema; null where none comes in time.
     *
     * @throws Lost where all was read and the connection is over
     */
    Frame next(Duration within) throws Lost;

    /** Ends it without a word, as a client does that goes away. */
    @Override
    void close();
}
