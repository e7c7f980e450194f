package dev.hubbub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ViewportSize;
import dev.hubbub.support.Backend;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pictures of every page, to be looked at: {@code target/screenshots}. Not part of {@code mvn verify}. */
@Tag("long")
class ScreenshotsIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    private static void shoot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target/screenshots", name + ".png"))
                .setFullPage(true));
    }

    private static Browser.NewContextOptions look(ColorScheme scheme, int width, int height) {
        return new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(new ViewportSize(width, height));
    }

    private static void name(ChatPage chat, String name) {
        chat.part("name").fill(name);
        chat.part("name").blur();
    }

    /** Four people, two of them in the panes of one page. */
    private static ChatPage talk(ColorScheme scheme, int width, int height) {
        String room = scheme == ColorScheme.LIGHT && width > 1000 ? "chat:lobby" : BROWSERS.room();
        ChatPage mia = BROWSERS.visitor().chat(room).awaitOpen();
        name(mia, "Mia");
        ChatPage tom = BROWSERS.visitor().chat(room).awaitOpen();
        name(tom, "Tom");
        ChatPage ann = BROWSERS.visitor(look(scheme, width, height)).chat(room, "&panes=2");
        ChatPage bob = ann.pane(2);
        ann.awaitOpen();
        bob.awaitOpen();
        name(ann, "Ann");
        name(bob, "Bob");
        ann.say("Morning! Is the new node up?");
        bob.showsLast("Morning! Is the new node up?");
        bob.say("Since five minutes. Drained the old one, nobody noticed.");
        ann.showsLast("Since five minutes. Drained the old one, nobody noticed.");
        mia.showsLast("Since five minutes. Drained the old one, nobody noticed.");
        mia.say("I did: my gap counter is still 0");
        ann.showsLast("I did: my gap counter is still 0");
        ann.say("Then let's ship it.");
        bob.showsLast("Then let's ship it.");
        tom.part("away").click();
        assertThat(bob.part("members").locator("li[data-away='true']")).hasCount(1);
        ann.page().evaluate("document.dispatchEvent(new Event('visibilitychange'))"); // pings now
        ann.part("text").blur();
        mia.part("text").pressSequentially("On");
        assertThat(ann.part("typing")).hasText("Mia is typing …");
        return ann;
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void chat(ColorScheme scheme) {
        shoot(talk(scheme, 1180, 780).page(), "chat-" + scheme);
        shoot(talk(scheme, 360, 780).page(), "chat-360-" + scheme);
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void theOthers(ColorScheme scheme) {
        for (int width : new int[] {1100, 360}) {
            Visitor visitor = BROWSERS.visitor(look(scheme, width, 780));
            Page index = visitor.open("");
            index.locator(".pill[data-state=open]").waitFor();
            shoot(index, "index-" + width + "-" + scheme);
            Page echo = visitor.open("echo.html");
            echo.locator(".pill[data-state=open]").waitFor();
            echo.getByTestId("send-text").click();
            echo.getByTestId("size").selectOption("65536");
            echo.getByTestId("send-bytes").click();
            echo.getByTestId("frames").locator("li").nth(3).waitFor();
            shoot(echo, "echo-" + width + "-" + scheme);
            Page ticker = visitor.open("ticker.html");
            ticker.locator(".pill[data-state=open]").waitFor();
            for (int i = 0; i < 8; i++) {
                String before = ticker.getByTestId("seq").textContent();
                ticker.getByTestId("publish").click();
                assertThat(ticker.getByTestId("seq")).not().hasText(before);
            }
            shoot(ticker, "ticker-" + width + "-" + scheme);
        }
    }

    @Test
    void whenItGoesWrong() {
        ChatPage ann = BROWSERS.visitor(look(ColorScheme.LIGHT, 700, 700))
                .chat(BROWSERS.room())
                .awaitOpen();
        ann.say("hello");
        ann.showsLast("hello");
        new Backend(BROWSERS.node()).disconnect(ann.user());
        ann.awaitState("closed");
        ann.say("anybody?");
        ann.part("error").getByText("Not sent").waitFor();
        shoot(ann.page(), "chat-closed");
    }
}
