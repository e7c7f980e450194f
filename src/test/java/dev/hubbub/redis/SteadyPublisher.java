package dev.hubbub.redis;

import dev.hubbub.support.Api;
import dev.hubbub.support.Node;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Publishes 1, 2, 3 and so on to a room over a node's HTTP API, a hundred in a second, until it is told to stop. */
final class SteadyPublisher implements AutoCloseable {
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
    private volatile int last;
    private volatile int refused;

    SteadyPublisher(Node node, String room) {
        var unused = thread.scheduleAtFixedRate(
                () -> {
                    int next = last + 1;
                    String body = "{\"payload\":" + next + "}";
                    Api.Reply reply = Api.post(node, "/api/v1/rooms/" + room + "/messages", body);
                    if (reply.status() == 201) {
                        last = next;
                    } else {
                        refused++; // by this thread alone
                    }
                },
                0,
                10,
                TimeUnit.MILLISECONDS);
    }

    int last() {
        return last;
    }

    /** The last that was published; none may have been refused. */
    int stop() throws InterruptedException {
        close();
        if (refused > 0) {
            throw new AssertionError(refused + " publishes were refused");
        }
        return last;
    }

    @Override
    public void close() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(20, TimeUnit.SECONDS)) {
            throw new AssertionError("the publisher does not end");
        }
    }
}
