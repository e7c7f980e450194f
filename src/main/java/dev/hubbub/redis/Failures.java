package dev.hubbub.redis;

import dev.hubbub.cluster.Unavailable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNodeNotFoundException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisRetryException;
import org.redisson.client.RedisTimeoutException;

/** What the failure of a request to Redis means. */
final class Failures {
    /** How errors about credentials begin, which waiting does not mend. */
    private static final List<String> CREDENTIALS = List.of("NOAUTH", "WRONGPASS", "NOPERM");
    /** How the other errors begin with which Redis says that it has not even begun. */
    private static final List<String> REFUSALS =
            List.of("READONLY", "OOM", "MISCONF", "LOADING", "MASTERDOWN", "CLUSTERDOWN", "NOREPLICAS", "BUSY");

    private Failures() {}

    static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** Whether Redis itself has said that it did nothing. */
    static boolean isRefusal(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof RedisRetryException
                || cause instanceof RedisOutOfMemoryException // whose message lacks the word
                || (cause instanceof RedisException && (begins(cause, REFUSALS) || begins(cause, CREDENTIALS)));
    }

    private static boolean begins(Throwable cause, List<String> words) {
        String message = String.valueOf(cause.getMessage());
        return words.stream().anyMatch(message::startsWith);
    }

    /** Whether it failed since Redis cannot be reached, or does nothing, now. */
    static boolean isAway(Throwable failure) {
        Throwable cause = cause(failure);
        return cause instanceof Unavailable
                || cause instanceof RedisTimeoutException
                || cause instanceof RedisConnectionException
                || cause instanceof RedisNodeNotFoundException
                || (cause instanceof RedisException && cause.getCause() instanceof IOException)
                || isRefusal(cause);
    }

    /** What an error says of credentials that are wrong; empty where it is another. */
    static String credentials(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            for (String refusal : CREDENTIALS) {
                int at = message.indexOf(refusal);
                if (at >= 0) {
                    return message.substring(at).lines().findFirst().orElse("").split("\\. channel:", 2)[0];
                }
            }
        }
        return "";
    }
}
