package dev.hubbub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The echo page; its own comparison says whether what returned is what went. */
class EchoIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    private Page page;

    @BeforeEach
    void open() {
        page = BROWSERS.visitor().open("echo.html");
        assertThat(page.getByTestId("state")).hasText("open");
    }

    private void returnedUnchanged(int count) {
        assertThat(page.getByTestId("returned")).hasText(Integer.toString(count));
        assertThat(page.getByTestId("sent")).hasText(Integer.toString(count));
        assertThat(page.getByTestId("changed")).hasText("0");
        assertThat(page.getByTestId("frames").locator("li")).hasCount(2 * count);
    }

    @Test
    void textReturnsAsItWas() {
        page.getByTestId("text").fill("Grüße, 世界 🎉 <b>");
        page.getByTestId("text").press("Enter");
        returnedUnchanged(1);
        assertThat(page.getByTestId("frames").locator("li").last()).containsText("Grüße, 世界 🎉 <b>");
    }

    @ParameterizedTest
    @ValueSource(strings = {"16", "1024", "65536", "1048576"})
    void bytesReturnAsTheyWere(String size) {
        page.getByTestId("size").selectOption(size);
        page.getByTestId("send-bytes").click();
        returnedUnchanged(1);
    }

    @Test
    void textAndBytesMixedKeepTheirOrder() {
        page.getByTestId("size").selectOption("65536");
        for (int i = 0; i < 10; i++) {
            page.getByTestId("send-bytes").click();
            page.getByTestId("send-text").click();
        }
        returnedUnchanged(20);
    }

    @Test
    void itConnectsAgain() {
        page.getByTestId("toggle").click();
        assertThat(page.getByTestId("state")).containsText("closed 1000");
        assertThat(page.getByTestId("send-text")).isDisabled();
        page.getByTestId("toggle").click();
        assertThat(page.getByTestId("state")).hasText("open");
        page.getByTestId("send-text").click();
        returnedUnchanged(1);
    }
}
