package dev.hubbub.checker;

import dev.hubbub.support.SchemaCheck;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What a connection has brought and nobody has read yet. */
final class Inbox {
    private record Item(String cursor, String text) {}

    private static final Item END = new Item(null, null);

    private final LinkedBlockingQueue<Item> items = new LinkedBlockingQueue<>();

    void add(String cursor, String text) {
        items.add(new Item(cursor, text));
    }

    void end() {
        items.add(END);
    }

    Link.Frame next(Duration within) throws Lost {
        Item item;
        try {
            item = items.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Lost("interrupted");
        }
        if (item == END) {
            items.add(END);
            throw new Lost("the connection ended");
        }
        return item == null ? null : new Link.Frame(item.cursor(), SchemaCheck.check(item.text()));
    }
}
