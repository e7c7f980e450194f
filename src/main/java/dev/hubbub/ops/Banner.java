package dev.hubbub.ops;

/** What development mode says when it has started. */
final class Banner {
    private Banner() {}

    static String development(String node, boolean alone) {
        String http = "http://localhost:" + System.getProperty("jetty.http.port", "8080");
        return String.join(
                System.lineSeparator(),
                "",
                "  Hubbub (" + node + ") is up, in DEVELOPMENT MODE: anonymous users, open rooms, "
                        + (alone ? "all in memory." : "one of many over Redis."),
                "",
                "    pages      " + http + "/",
                "    chat       " + http + "/chat.html      (open it in two tabs)",
                "    listen     curl -N '" + http + "/events?room=chat:lobby'",
                "    publish    curl --json '{\"payload\":{\"text\":\"hi\"}}' " + http
                        + "/api/v1/rooms/chat:lobby/messages",
                "    websocket  " + http.replace("http", "ws") + "/ws",
                "",
                "  Never face the internet like this: hubbub.dev=true lets everybody do everything.",
                "");
    }
}
