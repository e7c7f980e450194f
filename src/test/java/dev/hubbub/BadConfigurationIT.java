package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.support.Node;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A wrong value stops the start, with one line that names key, value and what is allowed. */
class BadConfigurationIT {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hubbub.dev|yes|true or false",
                "hubbub.presence.grace|15s|PT0S to PT10M",
                "hubbub.limits.rooms-per-connection|0|1 to 10000",
                "hubbub.namespace.chat.overflow|drop|replay, skip, latest or disconnect",
                "hubbub.namespace.chat.kind|lasting|standard, permanent, ephemeral or reactive",
                "hubbub.no-such-key|1|docs/configuration.md"
            })
    void stopsTheStartWithOneLine(String key, String value, String allowed) throws Exception {
        try (Node node = Node.launch("-D" + key + "=" + value)) {
            assertThat(node.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(node.process().exitValue()).isNotZero();
            // the container says first that it starts; then there is one line about what is wrong, the last one
            String[] lines = node.log().split("\n");
            assertThat(lines[lines.length - 1]).contains(key, value, allowed);
            assertThat(node.log().lines().filter(l -> l.contains(key)))
                    .as(node.log())
                    .hasSize(1);
            assertThat(node.log()).doesNotContain("Exception", "\tat ");
        }
    }
}
