package dev.hubbub.config;

import java.util.List;

/** The settings of how a node takes leave of its clients. */
final class ShutdownKeys {
    private ShutdownKeys() {}

    static final Key WINDOW = new Key(
            "hubbub.shutdown.window",
            "PT10S",
            "PT0S to PT10M",
            "over which a draining node spreads when its clients go; PT0S for all at once (dev mode: PT0S)");
    static final Key DEADLINE = new Key(
            "hubbub.shutdown.deadline",
            "PT30S",
            "PT1S to PT1H",
            "after SIGTERM, clients that are still there are cut off; hubbub.shutdown.window or longer");

    static final List<Key> ALL = List.of(WINDOW, DEADLINE);
}
