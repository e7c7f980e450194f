package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostsTest {
    private static Hosts hosts(String dev, String origins) {
        return new Hosts(Settings.of(Map.of("hubbub.dev", dev, "hubbub.origins", origins)));
    }

    private final Hosts development = hosts("true", "https://App.example.com:8443, http://*.example.org");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8080",
                "LOCALHOST:8080",
                "localhost.:8080",
                "localhost:",
                "app.localhost:8080",
                "app.test:8080",
                "host.docker.internal",
                "a.b.localhost.",
                "127.0.0.1:8080",
                "192.168.1.20",
                "203.0.113.7:80",
                "[::1]:8080",
                "[2001:DB8::7]",
                "::1",
                "0:0:0:0:0:0:0:1",
                "hubbub:8080",
                "my_machine",
                "app.example.com",
                "APP.example.com.:8080",
                "a.example.org:8080",
                "a.b.example.org"
            })
    void inDevelopmentModeNamesThatNoStrangerAnswersForAndListedOnesAreTaken(String host) {
        assertThat(development.allow(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "evil.example.",
                "EVIL.EXAMPLE:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.1.nip.io:8080",
                "evil-localhost.example",
                ".localhost",
                "evil@x.localhost",
                "1.2.3",
                "1.2.3.4.5",
                "1111.2.3.4",
                "mac.local:8080",
                "example.com",
                "b.app.example.com",
                "app.example.com.evil.io",
                "example.org",
                ".example.org",
                "evilexample.org",
                "",
                ".",
                ":8080",
                "[evil.example]",
                "[::1].evil.example",
                "evil.example:80:80",
                "localhost:x"
            })
    void inDevelopmentModeNoOtherNameIs(String host) {
        assertThat(development.allow(host)).isFalse();
    }

    @Test
    void aNameThatIsLongerThanAnyIsNone() {
        assertThat(development.allow("a".repeat(301))).isFalse();
    }

    @Test
    void whereAnyPageMayConnectAndOutsideDevelopmentModeAnyNameWillDo() {
        assertThat(hosts("true", "*").allow("evil.example")).isTrue();
        assertThat(hosts("false", "").allow("chat.example.com")).isTrue();
    }
}
