package dev.hubbub.support;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.logging.JettyLogger;
import org.eclipse.jetty.logging.StdErrAppender;
import org.slf4j.LoggerFactory;

/** What this process logs while this is open, instead of its going to the terminal. */
public final class Logged implements AutoCloseable {
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private final StdErrAppender appender =
            (StdErrAppender) ((JettyLogger) LoggerFactory.getLogger(Logged.class)).getAppender();
    private final PrintStream before = appender.getStream();

    public Logged() {
        appender.setStream(new PrintStream(text, true, StandardCharsets.UTF_8));
    }

    /** The lines with a word so far. */
    public long count(String word) {
        return text.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(word))
                .count();
    }

    @Override
    public void close() {
        appender.setStream(before);
    }
}
