package dev.hubbub.checker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.List;
import java.util.Random;

/** How a publisher's messages go to the server. One thread's. */
interface Way extends AutoCloseable {
    /** Of a message, what it was answered with: {@code room, epoch, seq} or {@code code}. */
    interface Answers {
        void answered(Outgoing message, JsonNode data);
    }

    /**
     * Sends each once, and hears the answers.
     *
     * @throws Lost where some may not be answered: nobody knows whether they were taken
     */
    void send(Collection<Outgoing> messages, Answers answers) throws Lost;

    @Override
    void close();

    /** A port that is nobody's in particular: any node is as good as another. */
    static int any(List<Integer> ports, Random random) {
        return ports.get(random.nextInt(ports.size()));
    }
}
