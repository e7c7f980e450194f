package dev.hubbub.config;

import java.util.List;

/** The settings of what a team's own code and its webhook are told. */
final class HookKeys {
    private HookKeys() {}

    static final Key EVENTS_QUEUE = new Key(
            "hubbub.events.queue",
            "10000",
            "100 to 1000000",
            "events that wait for observers of this node; more are lost, and counted");
    static final Key URL = new Key(
            "hubbub.webhook.url",
            "",
            "empty, or an https URL, or an http one of this machine",
            "is told of connections and rooms; nothing is where empty");
    static final Key SECRET = new Key(
            "hubbub.webhook.secret",
            "",
            "empty, or at least 32 characters; needed with hubbub.webhook.url",
            "signs what the webhook is sent");
    static final Key EVENTS = new Key(
            "hubbub.webhook.events",
            "connect,disconnect,join,leave,occupied,vacated",
            "some of the default, separated by commas",
            "what it is told of");
    static final Key BATCH = new Key("hubbub.webhook.batch", "100", "1 to 1000", "most events in one request");
    static final Key QUEUE = new Key(
            "hubbub.webhook.queue",
            "10000",
            "100 to 1000000",
            "events that wait for the webhook, over all nodes; more are lost, and told as such");
    static final Key TIMEOUT = new Key("hubbub.webhook.timeout", "PT5S", "PT0.1S to PT1M", "for one request");
    static final Key RETRY_FOR = new Key(
            "hubbub.webhook.retry-for", "PT1H", "PT0S to P7D", "events that cannot be delivered are lost after this");

    static final List<Key> ALL = List.of(EVENTS_QUEUE, URL, SECRET, EVENTS, BATCH, QUEUE, TIMEOUT, RETRY_FOR);
}
