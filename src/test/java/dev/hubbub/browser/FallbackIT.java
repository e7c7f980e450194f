package dev.hubbub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.hubbub.support.Backend;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where a WebSocket cannot be had, the same chat goes over SSE and HTTP. */
class FallbackIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    /** As behind a proxy that knows no upgrade: the handshake is answered with 404. */
    private static final String NO_UPGRADE = """
            globalThis.WebSocket = class extends WebSocket {
              constructor(url, protocol) { super(String(url).replace('/ws', '/nothing'), protocol); }
            };""";

    private String room;

    @BeforeEach
    void aRoom() {
        room = BROWSERS.room();
    }

    private static ChatPage awaitSse(ChatPage chat) {
        chat.awaitOpen();
        assertThat(chat.part("transport")).hasText("SSE");
        return chat;
    }

    private void talk(ChatPage ann) {
        ChatPage bob = BROWSERS.visitor().chat(room).awaitOpen();
        ann.say("over SSE");
        bob.showsLast("over SSE");
        bob.say("over a WebSocket");
        for (ChatPage each : List.of(ann, bob)) {
            each.shows(List.of("over SSE", "over a WebSocket"));
            each.counts(2);
            each.isWhole();
        }
    }

    @Test
    void sseCanBeChosen() {
        talk(awaitSse(BROWSERS.visitor().chat(room, "&transport=sse")));
    }

    @Test
    void sseIsTakenWhereTheUpgradeIsRefused() {
        Visitor visitor = BROWSERS.visitor().expecting("WebSocket connection to .* failed");
        talk(awaitSse(visitor.prepare(NO_UPGRADE).chat(room)));
    }

    @Test
    void sseIsTakenWhereThereIsNoWebSocket() {
        talk(awaitSse(BROWSERS.visitor().prepare("delete globalThis.WebSocket").chat(room)));
    }

    @Test
    void sseResumesToo() {
        Backend backend = new Backend(BROWSERS.node());
        ChatPage ann = awaitSse(BROWSERS.visitor().chat(room, "&transport=sse"));
        backend.publish(room, "{\"text\":\"before\"}");
        ann.showsLast("before");
        ann.part("offline").click();
        ann.awaitState("paused");
        backend.publish(room, "{\"text\":\"missed\"}");
        ann.part("offline").click();
        ann.awaitOpen();
        ann.shows(List.of("before", "missed"));
        ann.part("reconnect").click();
        backend.publish(room, "{\"text\":\"after\"}");
        ann.shows(List.of("before", "missed", "after"));
        ann.isWhole();
    }

    @Test
    void aReloadOverSseIsTheSameUser() {
        ChatPage ann = awaitSse(BROWSERS.visitor().chat(room, "&transport=sse"));
        String user = ann.user();
        ann.page().reload();
        awaitSse(ann);
        assertThat(ann.me()).hasAttribute("data-user", user);
        ann.counts(1);
    }

    @Test
    void aKickedStreamStaysClosed() {
        // whoever was disconnected is not let in under the same id again
        ChatPage ann = awaitSse(BROWSERS.visitor().expecting("401.*tickets").chat(room, "&transport=sse"));
        String before = ann.user();
        new Backend(BROWSERS.node()).disconnect(before);
        ann.awaitState("closed");
        assertThat(ann.part("state")).containsText("4003");
        ann.part("reconnect").click();
        ann.awaitOpen();
        assertNotEquals(before, ann.user());
    }
}
