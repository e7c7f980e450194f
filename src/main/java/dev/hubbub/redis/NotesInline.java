package dev.hubbub.redis;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Redisson's executor, but for what came on a channel, which is heard by the thread that read it: hearing blocks on
 * nothing, and each hop to another thread costs more than the hearing.
 */
final class NotesInline extends AbstractExecutorService {
    /** The one place where Redisson hands on what came on a channel. */
    private static final String NOTES = "org.redisson.client.handler.CommandPubSubDecoder";

    private final ExecutorService others;

    NotesInline(ExecutorService others) {
        this.others = others;
    }

    @Override
    public void execute(Runnable task) {
        if (task.getClass().getName().startsWith(NOTES)) {
            task.run();
        } else {
            others.execute(task);
        }
    }

    @Override
    public void shutdown() {
        others.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return others.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return others.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return others.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return others.awaitTermination(timeout, unit);
    }
}
