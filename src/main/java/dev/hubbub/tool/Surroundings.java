package dev.hubbub.tool;

import dev.hubbub.config.Settings;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What a tool finds around it.
 *
 * @param directory where it was called: paths of options begin there
 * @param settings read when asked for; throws {@link dev.hubbub.config.ConfigurationException}
 */
record Surroundings(PrintStream out, PrintStream err, Clock clock, Path directory, Supplier<Settings> settings) {
    Path file(String option) {
        try {
            return directory.resolve(option);
        } catch (InvalidPathException e) {
            throw Failure.usage(option + " is no path of a file");
        }
    }
}
