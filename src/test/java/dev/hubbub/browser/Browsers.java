package dev.hubbub.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import dev.hubbub.support.Node;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One Chromium and one node for all browser tests of a run, and a fresh profile for each visitor. After each test no
 * page may have complained on its console, unless the test said that it would.
 */
final class Browsers implements BeforeAllCallback, AfterEachCallback {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");
    /** A page may be slow on a busy machine; it is never waited for longer than it takes. */
    private static final double PATIENCE_MS = 20_000;

    private static final AtomicInteger ROOMS = new AtomicInteger();

    private final List<Visitor> visitors = new ArrayList<>();
    private Shared shared;

    private record Shared(Playwright playwright, Browser browser, Node node) implements AutoCloseable {
        static Shared start() {
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
            Browser browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(CHROMIUM)
                            .setArgs(FLAGS));
            return new Shared(playwright, browser, Node.start());
        }

        @Override
        public void close() {
            playwright.close();
            node.close();
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        shared = context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .getOrComputeIfAbsent(Shared.class, key -> Shared.start(), Shared.class);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        List<String> complaints =
                visitors.stream().flatMap(v -> v.complaints().stream()).toList();
        visitors.forEach(Visitor::close);
        visitors.clear();
        assertThat(complaints).as("errors on the pages' consoles").isEmpty();
    }

    Node node() {
        return shared.node();
    }

    /** A name that no other test uses. */
    String room() {
        return "test:room-" + ROOMS.incrementAndGet();
    }

    Visitor visitor() {
        return visitor(new Browser.NewContextOptions());
    }

    Visitor visitor(Browser.NewContextOptions options) {
        return visitor(node().http("/"), options);
    }

    /** The last one that came. */
    Visitor last() {
        return visitors.get(visitors.size() - 1);
    }

    /** One who visits another node than the shared one. */
    Visitor visitor(URI home) {
        return visitor(home, new Browser.NewContextOptions());
    }

    private Visitor visitor(URI home, Browser.NewContextOptions options) {
        Visitor visitor = new Visitor(shared.browser().newContext(options.setBaseURL(home.toString())), PATIENCE_MS);
        visitors.add(visitor);
        return visitor;
    }
}
