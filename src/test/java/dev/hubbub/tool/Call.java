package dev.hubbub.tool;

import dev.hubbub.config.Settings;
import dev.hubbub.support.FakeClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One call of a tool: its exit status, and what it said where. */
record Call(int status, String out, String err) {
    static Call of(FakeClock clock, Path directory, Map<String, String> settings, String... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Map<String, String> copy = new HashMap<>(settings);
        Surroundings around = new Surroundings(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                clock,
                directory,
                () -> Settings.of(copy));
        int status = new Tools(around).run(List.of(words));
        return new Call(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
