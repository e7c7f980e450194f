package dev.hubbub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.hubbub.support.Backend;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The ticker page: the browser's own EventSource, and publishing over HTTP. */
class TickerIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    private static Page open() {
        Page page = BROWSERS.visitor().open("ticker.html");
        assertThat(page.getByTestId("state")).hasText("open");
        assertThat(page.getByTestId("last-event-id")).not().hasText("–");
        return page;
    }

    private static void showsLast(Page page, String seq, String value) {
        assertThat(page.getByTestId("seq")).hasText(seq);
        assertThat(page.getByTestId("value")).hasText(value);
    }

    @Test
    void aTickReachesEveryPage() {
        Page one = open();
        Page other = open();
        // behind this nothing of the room's history is still to come
        new Backend(BROWSERS.node()).publish("ticker:demo", "{\"value\":7.25}");
        assertThat(one.getByTestId("value")).hasText("7.25");
        one.getByTestId("publish").click();
        assertThat(one.getByTestId("value")).not().hasText("7.25");
        showsLast(
                other,
                one.getByTestId("seq").textContent(),
                one.getByTestId("value").textContent());
        // over SSE the one who published is the page's user, as on all pages
        assertThat(other.getByTestId("ticks").locator("td").nth(3)).containsText("anon-");
    }

    @Test
    void itGoesOnAfterTheLastEvent() {
        Backend backend = new Backend(BROWSERS.node());
        Page page = open();
        // behind this nothing of the room's history is still to come
        backend.publish("ticker:demo", "{\"value\":0.5}");
        assertThat(page.getByTestId("value")).hasText("0.50");
        int seen = Integer.parseInt(page.getByTestId("seq").textContent());
        int events = Integer.parseInt(page.getByTestId("events").textContent());
        page.getByTestId("toggle").click();
        assertThat(page.getByTestId("state")).hasText("closed");
        for (int value = 1; value <= 3; value++) {
            backend.publish("ticker:demo", "{\"value\":" + value + "}");
        }
        page.getByTestId("toggle").click();
        showsLast(page, Integer.toString(seen + 3), "3.00");
        assertThat(page.getByTestId("events")).hasText(Integer.toString(events + 3));
        List<String> values =
                page.getByTestId("ticks").locator("tr td:nth-child(2)").allTextContents();
        assertThat(values).startsWith("3.00", "2.00", "1.00");
        assertThat(page.getByTestId("error")).isEmpty();
    }

    @Test
    void whatIsNoNumberIsShownAsItIs() {
        Page page = open();
        new Backend(BROWSERS.node()).publish("ticker:demo", "{\"words\":[\"<i>\"]}");
        assertThat(page.getByTestId("ticks").locator("td").nth(1)).hasText("{\"words\":[\"<i>\"]}");
        assertThat(page.getByTestId("value")).hasText("–");
    }
}
