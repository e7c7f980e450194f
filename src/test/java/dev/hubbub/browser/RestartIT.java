package dev.hubbub.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.hubbub.support.Backend;
import dev.hubbub.support.Node;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The server goes and comes back, on the same address. Its rooms lived in memory, and the pages are told so. */
class RestartIT {
    @RegisterExtension
    static final Browsers BROWSERS = new Browsers();

    private static final String ROOM = "test:restart";
    private static final String SAME_USERS = "-Dhubbub.auth.anonymous-secret=0123456789abcdef0123456789abcdef";

    private Node node;

    @BeforeEach
    void start() {
        node = Node.start(SAME_USERS);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    private Visitor visitor() {
        return BROWSERS.visitor(node.http("/"))
                .expecting("ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING"
                        // a node that ends, or has just begun, refuses whoever comes
                        + "|(status of|response code:) 503"
                        // and cuts off the handshakes that come to it meanwhile
                        + "|Connection closed before receiving a handshake response|ERR_CONNECTION_RESET")
                .prepare("Math.random = () => 0.05"); // the back-off's jitter: as short as the test can be
    }

    @Test
    void everyTransportComesBackAndSaysWhatIsLost() {
        ChatPage ann = visitor().chat(ROOM).awaitOpen();
        ChatPage bob = visitor().chat(ROOM, "&transport=sse").awaitOpen();
        Page ticker = visitor().open("ticker.html");
        assertThat(ticker.getByTestId("state")).hasText("open");
        assertThat(ticker.getByTestId("last-event-id")).not().hasText("–");
        String place = ticker.getByTestId("last-event-id").textContent();
        ann.say("before the restart");
        bob.showsLast("before the restart");
        String user = ann.user();
        node = node.restart(SAME_USERS);
        ann.awaitOpen();
        bob.awaitOpen();
        ann.showsNote("What was missed cannot be shown (epoch).");
        bob.showsNote("What was missed cannot be shown (epoch).");
        ann.say("after the restart");
        bob.showsLast("after the restart");
        ann.isWhole();
        bob.isWhole();
        ann.counts(2);
        assertThat(ann.user()).isEqualTo(user);
        assertThat(ticker.getByTestId("state")).hasText("open");
        assertThat(ticker.getByTestId("last-event-id")).not().hasText(place);
        new Backend(node).publish("ticker:demo", "7");
        assertThat(ticker.getByTestId("value")).hasText("7.00");
    }
}
