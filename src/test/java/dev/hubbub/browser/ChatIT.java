package dev.hubbub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.hubbub.support.Backend;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** People in tabs talk in a room, lose their connection, come back, and miss nothing. */
class ChatIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    private Backend backend;
    private String room;

    @BeforeEach
    void aRoom() {
        backend = new Backend(BROWSERS.node());
        room = BROWSERS.room();
    }

    @Test
    void twoTabsAndABackendTalkInOneRoom() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        ChatPage bob = BROWSERS.visitor().chat(room).awaitOpen();
        ann.say("hi, bob");
        bob.showsLast("hi, bob");
        bob.say("hi, ann");
        ann.showsLast("hi, ann");
        backend.publish(room, "{\"text\":\"hello from curl\"}");
        for (ChatPage each : List.of(ann, bob)) {
            each.shows(List.of("hi, bob", "hi, ann", "hello from curl"));
            each.counts(2);
            each.isWhole();
            assertThat(each.part("transport")).hasText("WebSocket");
            assertThat(each.part("seq")).hasText("3");
            assertThat(each.part("rtt")).containsText("ms");
        }
        assertThat(ann.pane().locator(".message.mine")).hasCount(1);
    }

    @Test
    void whoComesLaterSeesWhatWasSaid() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        ann.say("first");
        ann.say("second");
        ann.showsLast("second");
        ChatPage bob = BROWSERS.visitor().chat(room).awaitOpen();
        bob.shows(List.of("first", "second"));
        bob.isWhole();
    }

    @Test
    void membersAppearWithTheirNameAndStatus() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        ann.part("name").fill("Ann");
        ann.part("name").blur();
        ChatPage bob = BROWSERS.visitor().chat(room).awaitOpen();
        assertThat(bob.member(ann.user())).containsText("Ann");
        assertThat(bob.member(ann.user())).hasAttribute("data-away", "false");
        ann.part("away").click();
        assertThat(bob.member(ann.user())).hasAttribute("data-away", "true");
        ann.say("I am still here");
        assertThat(bob.pane().locator(".message b").last()).hasText("Ann");
    }

    @Test
    void typingIsSeenByTheOthersUntilItIsSent() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        ann.part("name").fill("Ann");
        ann.part("name").blur();
        ChatPage bob = BROWSERS.visitor().chat(room).awaitOpen();
        assertThat(bob.member(ann.user())).containsText("Ann");
        ann.part("text").pressSequentially("hm");
        assertThat(bob.part("typing")).hasText("Ann is typing …");
        assertThat(ann.part("typing")).isEmpty();
        ann.part("text").press("Enter");
        bob.showsLast("hm");
        assertThat(bob.part("typing")).isEmpty();
        bob.isWhole();
    }

    @Test
    void whoGoesOfflineCatchesUpAndIsNotSeenAsLeaving() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        ChatPage bob = BROWSERS.visitor().chat(room).awaitOpen();
        ann.say("before");
        bob.showsLast("before");
        ann.part("offline").click();
        ann.awaitState("paused");
        assertThat(ann.part("offline")).hasText("Go online");
        for (String text : List.of("one", "two", "three")) {
            bob.say(text);
            bob.showsLast(text);
        }
        bob.counts(2);
        ann.showsLast("before");
        ann.part("offline").click();
        ann.awaitOpen();
        ann.shows(List.of("before", "one", "two", "three"));
        ann.showsNote("Back. 3 missed:");
        ann.isWhole();
        bob.isWhole();
    }

    @Test
    void reconnectingInTheMiddleOfATalkLeavesNoGap() {
        // some clicks come before the connection of the one before is there
        Visitor visitor = BROWSERS.visitor().expecting("closed before the connection is established");
        ChatPage ann = visitor.chat(room).awaitOpen();
        for (int i = 1; i <= 30; i++) {
            backend.publish(room, "{\"text\":\"" + i + "\"}");
            if (i % 5 == 0) {
                ann.part("reconnect").click();
            }
        }
        ann.showsLast("30");
        assertThat(ann.pane().locator(".message")).hasCount(30);
        ann.isWhole();
    }

    @Test
    void theBrowserGoingOfflineIsSurvived() {
        Visitor visitor = BROWSERS.visitor().expecting("ERR_INTERNET_DISCONNECTED");
        ChatPage ann = visitor.chat(room).awaitOpen();
        visitor.context().setOffline(true);
        ann.awaitState("offline");
        backend.publish(room, "{\"text\":\"while you were out\"}");
        visitor.context().setOffline(false);
        ann.awaitOpen();
        ann.shows(List.of("while you were out"));
        ann.isWhole();
    }

    @Test
    void aReloadIsTheSameUserAndNobodySeesIt() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        String user = ann.user();
        Page watcher = BROWSERS.visitor().blank();
        watcher.evaluate("""
                async (room) => {
                  const { connect } = await import('/client/hubbub.js');
                  globalThis.seen = [];
                  const joined = await connect('/ws').join(room);
                  joined.on('presence', ({ change, member }) => seen.push(`${change} ${member?.user}`));
                  joined.on('message', ({ payload }) => seen.push(payload.text));
                }""", room);
        ann.page().reload();
        ann.awaitOpen();
        assertThat(ann.user()).isEqualTo(user);
        ann.counts(2);
        ann.say("here again");
        watcher.waitForFunction("seen.includes('here again')");
        assertThat((List<?>) watcher.evaluate("seen"))
                .map(Object::toString)
                .doesNotContain("left " + user, "joined " + user);
    }

    @Test
    void goingToAnotherPageAndBackIsTheSameUserAndMissesNothing() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        String user = ann.user();
        ann.say("before");
        ann.showsLast("before");
        ann.page().navigate("echo.html");
        backend.publish(room, "{\"text\":\"meanwhile\"}");
        ann.page().goBack();
        ann.awaitOpen();
        ann.shows(List.of("before", "meanwhile"));
        ann.isWhole();
        ann.counts(1);
        assertThat(ann.user()).isEqualTo(user);
    }

    @Test
    void aKickedConnectionStaysClosedUntilAskedToReconnect() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        backend.disconnect(ann.user());
        ann.awaitState("closed");
        assertThat(ann.part("state")).containsText("4003");
        backend.publish(room, "{\"text\":\"missed\"}");
        ann.part("reconnect").click();
        ann.awaitOpen();
        ann.shows(List.of("missed"));
        ann.isWhole();
    }

    @Test
    void twoPanesAreTwoPeople() {
        ChatPage left = BROWSERS.visitor().chat(room, "&panes=2");
        ChatPage right = left.pane(2);
        left.awaitOpen();
        right.awaitOpen();
        left.say("from the left");
        right.showsLast("from the left");
        right.say("from the right");
        left.showsLast("from the right");
        left.counts(2);
        assertThat(left.user()).isNotEqualTo(right.user());
    }

    @Test
    void aTextOfMarkupIsShownAsText() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        ann.say("<img src=x onerror=alert(1)>");
        ann.showsLast("<img src=x onerror=alert(1)>");
        assertThat(ann.pane().locator(".message img")).hasCount(0);
    }

    @Test
    void theKeyboardIsEnough() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        ChatPage bob = BROWSERS.visitor().chat(room).awaitOpen();
        tabTo(ann, "text");
        ann.page().keyboard().type("no mouse needed");
        ann.page().keyboard().press("Enter");
        bob.showsLast("no mouse needed");
        assertThat(ann.part("text")).isFocused();
        tabTo(ann, "away");
        ann.page().keyboard().press("Space");
        assertThat(bob.member(ann.user())).hasAttribute("data-away", "true");
        ann.page().reload();
        ann.awaitOpen();
        ann.page().keyboard().press("Tab");
        assertThat(ann.page().locator(".skip")).isFocused();
        assertThat(ann.page().locator(".skip")).isInViewport();
        tabTo(ann, "offline");
        ann.page().keyboard().press("Enter");
        ann.awaitState("paused");
        assertThat(ann.part("offline")).isFocused();
        ann.page().keyboard().press("Enter");
        ann.awaitOpen();
        tabTo(ann, "log");
    }

    private static void tabTo(ChatPage chat, String testId) {
        String focused = "document.activeElement?.dataset.testid";
        for (int i = 0; i < 30 && !testId.equals(chat.page().evaluate(focused)); i++) {
            chat.page().keyboard().press("Tab");
        }
        assertThat(chat.part(testId)).isFocused();
    }

    @Test
    void assistiveTechnologyFindsItsWay() {
        ChatPage ann = BROWSERS.visitor().chat(room).awaitOpen();
        Page page = ann.page();
        assertThat(page.getByRole(AriaRole.LOG, new Page.GetByRoleOptions().setName("Messages")))
                .isVisible();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("open");
        assertThat(page.getByRole(AriaRole.MAIN)).isVisible();
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("Chat in " + room);
        assertThat(page.getByLabel("Message", new Page.GetByLabelOptions().setExact(true)))
                .isVisible();
    }
}
