package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/protocol.md} that name codes are the codes that there are. */
class ProtocolDocTest {
    /** The rows of the first table under a heading, each as its cells; the table's head left out. */
    private static List<List<String>> table(String heading) {
        try {
            return Files.readString(Path.of("docs", "protocol.md"))
                    .lines()
                    .dropWhile(l -> !l.equals("## " + heading))
                    .dropWhile(l -> !l.startsWith("|---"))
                    .skip(1)
                    .takeWhile(l -> l.startsWith("|"))
                    .map(l -> Arrays.stream(l.substring(1).split("\\|"))
                            .map(String::trim)
                            .toList())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyErrorCodeHasItsStatus() {
        Map<String, String> told = new TreeMap<>();
        table("Errors").forEach(row -> told.put(row.get(0), row.get(2)));
        Map<String, String> is = new TreeMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            is.put("`" + code + "`", Integer.toString(code.httpStatus()));
        }
        assertThat(told).isEqualTo(is);
    }

    @Test
    void everyCloseCodeSaysWhetherAClientComesBack() {
        Map<String, Boolean> told = new TreeMap<>();
        table("Close codes").forEach(row -> told.put(row.get(0), !row.get(2).equals("stays closed")));
        Map<String, Boolean> is = new TreeMap<>();
        for (CloseCode code : CloseCode.values()) {
            is.put(Integer.toString(code.code()), code.reconnect());
        }
        assertThat(told).isEqualTo(is);
    }
}
