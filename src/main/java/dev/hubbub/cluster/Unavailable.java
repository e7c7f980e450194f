package dev.hubbub.cluster;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the nodes share, or the disk, cannot be reached, or is asked for too much: nothing was done, or not for good, and
 * it is worth trying again.
 */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;
    /** In ms; up to half as much again is added. */
    private static final long RETRY_MS = 1_000;

    private static final Logger LOG = LoggerFactory.getLogger(Unavailable.class);

    private final transient Refusal refusal;

    /** @param retryAfterMs when to try again, in ms */
    public Unavailable(String message, long retryAfterMs) {
        super(message, null, false, false);
        refusal = new Refusal(ErrorCode.UNAVAILABLE, message, retryAfterMs);
    }

    /** What is told while nothing can be asked. */
    public static Unavailable away() {
        return new Unavailable("what the nodes share cannot be reached now", retryMs());
    }

    /** What is told while more is asked than is answered. */
    public static Unavailable overfull() {
        return new Unavailable("too many publishes wait for what the nodes share", retryMs());
    }

    /** What is told of a join whose turn did not come in time. */
    public static Unavailable tooManyJoins() {
        return new Unavailable("too many joins wait for what the nodes share", retryMs());
    }

    /** What is told of a join to one room more than this node's connections to what the nodes share can carry. */
    public static Unavailable tooManyRooms() {
        return new Unavailable("this node is in as many rooms as it can be", retryMs());
    }

    /** What is told of a decision that holds, and is not sure to outlive the process. */
    public static Unavailable unwritten() {
        return new Unavailable("it holds, but could not be written down, and may end with this node", retryMs());
    }

    /** What is told where as many sanctions are kept as can be. */
    public static Unavailable tooManySanctions() {
        return new Unavailable("as many bans and disconnects are kept as can be", retryMs());
    }

    /** What is told where it hangs on nodes that live and do not answer. */
    public static Unavailable unanswered(List<String> nodes) {
        return new Unavailable("not all nodes have answered: " + String.join(", ", nodes), retryMs());
    }

    /** What is told to whoever comes to a node that ends. */
    public static Unavailable ending() {
        return new Unavailable("this node ends", retryMs());
    }

    /** Spread, so that not all come at once. */
    private static long retryMs() {
        return RETRY_MS + ThreadLocalRandom.current().nextLong(RETRY_MS / 2);
    }

    public Refusal refusal() {
        return refusal;
    }

    /** How a stage's failure is told to whoever asked; what nobody expected is logged as well. */
    public static Refusal refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Unavailable unavailable) {
            return unavailable.refusal;
        }
        LOG.error("what was asked failed", cause);
        return Refusal.of(ErrorCode.INTERNAL, "the server failed at this");
    }
}
