package dev.hubbub.browser;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

/** A person with a browser profile of their own, and what its consoles complained about. */
final class Visitor {
    private static final Path TAP = Path.of("src/test/resources/browser/tap.js");

    private final BrowserContext context;
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private Pattern expected = Pattern.compile("(?!)");

    Visitor(BrowserContext context, double patienceMs) {
        this.context = context;
        context.setDefaultTimeout(patienceMs);
        context.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text() + " at " + message.location());
            }
        });
        context.onWebError(error -> complaints.add(error.error()));
    }

    /** Complaints that this test provokes. */
    Visitor expecting(String regex) {
        expected = Pattern.compile(regex);
        return this;
    }

    /** Runs in each page before its own scripts. */
    Visitor prepare(String script) {
        context.addInitScript(script);
        return this;
    }

    Page open(String path) {
        Page page = context.newPage();
        page.navigate(path);
        return page;
    }

    ChatPage chat(String room) {
        return chat(room, "");
    }

    ChatPage chat(String room, String query) {
        return new ChatPage(open("chat.html?room=" + room + query));
    }

    /** A page of the server's with nothing on it that connects, and {@code tap.js}. */
    Page blank() {
        context.addInitScript(TAP);
        // a page that names no icon is asked for this one
        context.route("**/favicon.ico", route -> route.fulfill(new Route.FulfillOptions().setStatus(204)));
        return open("healthz");
    }

    BrowserContext context() {
        return context;
    }

    List<String> complaints() {
        return complaints.stream().filter(c -> !expected.matcher(c).find()).toList();
    }

    void close() {
        context.close();
    }
}
