package dev.hubbub.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/configuration.md} is the table of keys, for people. */
class ConfigurationDocTest {
    private static final String DOC = read();

    private static String read() {
        try {
            return Files.readString(Path.of("docs", "configuration.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Key> keys() {
        return Keys.ALL;
    }

    @ParameterizedTest
    @MethodSource("keys")
    void everyKeyHasItsRow(Key key) {
        String byDefault = key.byDefault().isEmpty() ? "(empty)" : "`" + key.byDefault() + "`";
        assertThat(DOC.lines())
                .contains(
                        "| `" + key.name() + "` | " + byDefault + " | " + key.allowed() + " | " + key.purpose() + " |");
    }

    @Test
    void everyRowIsAKey() {
        assertThat(Pattern.compile("(?m)^\\| `(hubbub[^`]*)`")
                        .matcher(DOC)
                        .results()
                        .map(m -> m.group(1)))
                .containsExactlyInAnyOrderElementsOf(
                        Keys.ALL.stream().map(Key::name).toList());
    }

    @Test
    void theExampleIsAllowed() throws IOException {
        var block = Pattern.compile("(?s)```properties\n(.*?)```").matcher(DOC);
        assertThat(block.find()).isTrue();
        Properties properties = new Properties();
        properties.load(new StringReader(block.group(1)));
        Map<String, String> values = new HashMap<>();
        properties.forEach((key, value) -> values.put(key.toString(), value.toString()));
        Settings settings = Settings.of(values);
        assertThat(settings.namespacePolicy("prices").overflow()).isEqualTo(Overflow.LATEST);
        assertThat(settings.namespacePolicy("news").join()).isEqualTo(Audience.USERS);
    }
}
