package dev.hubbub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;

/** The chat page, or one of its panes, as its user sees it. */
record ChatPage(Page page, Locator pane) {
    ChatPage(Page page) {
        this(page, page.getByTestId("pane").first());
    }

    ChatPage pane(int number) {
        return new ChatPage(page, page.getByTestId("pane").nth(number - 1));
    }

    Locator part(String testId) {
        return pane.getByTestId(testId);
    }

    /** Connected and in the room: it is among the members. */
    ChatPage awaitOpen() {
        assertThat(part("state")).hasAttribute("data-state", "open");
        assertThat(part("members")).containsText("(you)");
        return this;
    }

    ChatPage awaitState(String state) {
        assertThat(part("state")).hasAttribute("data-state", state);
        return this;
    }

    void say(String text) {
        part("text").fill(text);
        part("text").press("Enter");
    }

    /** Exactly these messages, in this order. */
    void shows(List<String> texts) {
        assertThat(pane.locator(".message p")).hasText(texts.toArray(String[]::new));
    }

    void showsLast(String text) {
        assertThat(pane.locator(".message p").last()).hasText(text);
    }

    void showsNote(String text) {
        assertThat(pane.locator(".note").last()).hasText(text);
    }

    void counts(int members) {
        assertThat(part("count")).hasText(Integer.toString(members));
        assertThat(part("members").locator("li")).hasCount(members);
    }

    Locator me() {
        return part("members").locator("li", new Locator.LocatorOptions().setHasText("(you)"));
    }

    String user() {
        return me().getAttribute("data-user");
    }

    Locator member(String user) {
        return part("members").locator("li[data-user='" + user + "']");
    }

    /** The promise: nothing is missing, nothing came twice. */
    void isWhole() {
        assertThat(part("gaps")).hasText("0");
        assertThat(part("repeats")).hasText("0");
    }
}
