package dev.hubbub.tool;

import dev.hubbub.config.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;

/** The program that {@code bin/hubbub} starts for a tool. */
public final class Main {
    /** Where it was called: the process itself runs where a node does, so that paths in a configuration mean the same. */
    private static final String DIRECTORY = "dev.hubbub.directory";

    private Main() {}

    public static void main(String[] args) {
        List<String> words = new ArrayList<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            if (arg.startsWith("-D") && equals > 2) {
                System.setProperty(arg.substring(2, equals), arg.substring(equals + 1));
            } else {
                words.add(arg);
            }
        }
        Surroundings around = new Surroundings(
                System.out,
                System.err,
                Clock.systemUTC(),
                Path.of(System.getProperty(DIRECTORY, "")),
                () -> Settings.from(ConfigProvider.getConfig()));
        int status = new Tools(around).run(words);
        System.out.flush();
        System.exit(status); // whatever threads a library has left
    }
}
