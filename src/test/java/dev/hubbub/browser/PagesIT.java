package dev.hubbub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ViewportSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every page, as the real server serves it. */
class PagesIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    private static final Map<String, String> TYPES =
            Map.of("js", "text/javascript", "css", "text/css", "svg", "image/svg+xml", "html", "text/html");

    @ParameterizedTest
    @ValueSource(strings = {"", "chat.html", "echo.html", "ticker.html"})
    void loadsWholeWithTheRightTypesAndConnects(String path) {
        Visitor visitor = BROWSERS.visitor();
        List<String> wrong = new ArrayList<>();
        visitor.context().onResponse(response -> judge(response, wrong));
        Page page = visitor.open(path);
        // green is said by a module that has loaded, after the server has answered
        assertThat(page.locator(".pill").first()).hasAttribute("data-state", "open");
        assertThat(page.locator("h1")).isVisible();
        assertThat(wrong).isEmpty();
    }

    private static void judge(Response response, List<String> wrong) {
        String file = response.url().replaceFirst("\\?.*", "");
        String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
        String told = response.headers().getOrDefault("content-type", "none");
        if (response.status() != 200 || (type != null && !told.startsWith(type))) {
            wrong.add(response.url() + ": " + response.status() + " " + told);
        }
    }

    @Test
    void theFirstPageLeadsToEverything() {
        Page page = BROWSERS.visitor().open("");
        List<?> broken = (List<?>) page.evaluate("""
                async () => {
                  const broken = [];
                  for (const { href } of document.querySelectorAll('a[href]')) {
                    const { ok, status } = await fetch(href);
                    if (!ok) broken.push(`${href}: ${status}`);
                  }
                  return broken;
                }""");
        assertThat(broken).isEmpty();
        assertThat(page.getByTestId("recipe-listen"))
                .containsText("curl -N 'http://127.0.0.1:" + BROWSERS.node().port() + "/events?room=chat:lobby'");
        assertThat(page.getByTestId("recipe-wscat"))
                .containsText("ws://127.0.0.1:" + BROWSERS.node().port() + "/ws");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "chat.html?room=test:narrow&panes=2", "echo.html", "ticker.html"})
    void fitsIntoThreeHundredAndSixtyPixels(String path) {
        Page page = BROWSERS.visitor(new Browser.NewContextOptions().setViewportSize(new ViewportSize(360, 720)))
                .open(path);
        assertThat(page.locator(".pill").first()).hasAttribute("data-state", "open");
        if (path.startsWith("chat")) {
            ChatPage chat = new ChatPage(page).awaitOpen();
            chat.say("a-word-that-cannot-be-broken-anywhere-".repeat(8));
            chat.showsLast("a-word-that-cannot-be-broken-anywhere-".repeat(8));
        }
        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(360);
    }

    @ParameterizedTest
    @CsvSource({
        "LIGHT,''", "LIGHT,chat.html?room=test:light", "LIGHT,echo.html", "LIGHT,ticker.html",
        "DARK,''", "DARK,chat.html?room=test:dark", "DARK,echo.html", "DARK,ticker.html"
    })
    void isReadableInLightAndDark(ColorScheme scheme, String path) {
        Page page = BROWSERS.visitor(new Browser.NewContextOptions().setColorScheme(scheme))
                .open(path);
        assertThat(page.locator(".pill").first()).hasAttribute("data-state", "open");
        if (path.startsWith("chat")) {
            ChatPage chat = new ChatPage(page).awaitOpen();
            chat.say("readable?");
            chat.showsLast("readable?");
        }
        Map<?, ?> seen = (Map<?, ?>) page.evaluate(CONTRASTS);
        assertThat((Boolean) seen.get("dark")).isEqualTo(scheme == ColorScheme.DARK);
        // WCAG 2.2, 1.4.3: 4.5 to 1
        assertThat((List<?>) seen.get("faint"))
                .as("text of too little contrast")
                .isEmpty();
    }

    /** The relative luminance of each text and of what is behind it, as WCAG defines them. */
    private static final String CONTRASTS = """
            () => {
              const rgba = (css) => {
                const [r, g, b, a = 1] = css.match(/[\\d.]+/g).map(Number);
                return { rgb: [r, g, b], a };
              };
              const luminance = (css) => {
                const [r, g, b] = rgba(css).rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
              };
              const behind = (element) => {
                for (let at = element; at; at = at.parentElement) {
                  const colour = getComputedStyle(at).backgroundColor;
                  if (rgba(colour).a === 1) return colour;
                }
                return 'rgb(255, 255, 255)';
              };
              const faint = [];
              for (const element of document.querySelectorAll('body *')) {
                const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
                if (!own || !element.checkVisibility() || element.closest('template, :disabled')) continue;
                const [low, high] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => a - b);
                const ratio = (high + 0.05) / (low + 0.05);
                if (ratio < 4.5) faint.push(`${element.outerHTML}: ${ratio.toFixed(2)}`);
              }
              return { faint, dark: luminance(getComputedStyle(document.body).backgroundColor) < 0.1 };
            }""";
}
