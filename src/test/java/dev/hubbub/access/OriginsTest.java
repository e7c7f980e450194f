package dev.hubbub.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hubbub.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
    private static Origins origins(String dev, String listed) {
        return new Origins(Settings.of(Map.of("hubbub.dev", dev, "hubbub.origins", listed)));
    }

    private final Origins production = origins(
            "false",
            "https://example.com, https://App.example.com:8443,https://*.example.org, http://plain.example:80");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "HTTPS://EXAMPLE.COM",
                "https://app.example.com:8443",
                "https://a.example.org",
                "https://a.b.example.org",
                "http://plain.example"
            })
    void whatIsListedMay(String origin) {
        assertThat(production.allow(origin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "",
                "http://example.com",
                "https://example.com:8443",
                "https://example.com.evil.io",
                "https://evilexample.com",
                "https://example.com.",
                "https://example.com@evil.io",
                "https://example.org",
                "https://.example.org",
                "https://evil.io/.example.org",
                "https://evil.io#.example.org",
                "https://evil.io:1.example.org",
                "https://evilexample.org",
                "https://a.example.org:444",
                "http://a.example.org",
                "https://example.com https://evil.io",
                "http://localhost",
                "http://127.0.0.1:8080"
            })
    void whatOnlyLooksLikeItMayNot(String origin) {
        assertThat(production.allow(origin)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:8080",
                "https://app.localhost",
                "http://127.0.0.1:8080",
                "http://[::1]:8080",
                "http://192.168.1.20:8080",
                "http://10.0.0.7",
                "http://172.20.0.2:3000"
            })
    void inDevelopmentModeNearPagesMay(String origin) {
        assertThat(origins("true", "").allow(origin)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://example.com",
                "null",
                "http://localhost.evil.io",
                "http://127.0.0.1.evil.io",
                "http://172.40.0.2"
            })
    void inDevelopmentModeThePagesOfTheWebMayNot(String origin) {
        assertThat(origins("true", "").allow(origin)).isFalse();
    }

    @Test
    void inDevelopmentModeAllMayWhereThatIsSaid() {
        assertThat(origins("true", "*").allow("https://example.com")).isTrue();
        assertThat(origins("true", "*").allow("null")).isTrue();
    }
}
