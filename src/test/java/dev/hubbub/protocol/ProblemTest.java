package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTest {
    private static JsonNode body(Problem problem) {
        return StrictJson.parse(new String(problem.body(), StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @EnumSource
    void everyErrorCodeHasItsStatusAndTitle(ErrorCode code) {
        Problem problem = Problem.of(Refusal.of(code, "a \"reason\""));
        assertThat(problem.status()).isEqualTo(code.httpStatus());
        assertThat(problem.headers()).isEqualTo(Map.of("Content-Type", "application/problem+json"));
        JsonNode body = body(problem);
        assertThat(body.path("type").asText()).isEqualTo("about:blank");
        assertThat(body.path("status").asInt()).isEqualTo(code.httpStatus());
        assertThat(body.path("code").asText()).isEqualTo(code.name());
        assertThat(body.path("detail").asText()).isEqualTo("a \"reason\"");
        assertThat(body.has("retryAfterMs")).isFalse();
        boolean fault = body.path("title").asText().equals("Internal Server Error");
        assertThat(fault).isEqualTo(code == ErrorCode.INTERNAL);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1000, 1", "1001, 2", "5000, 5"})
    void retryAfterIsInSecondsRoundedUp(long ms, String seconds) {
        Problem problem = Problem.of(new Refusal(ErrorCode.RESOURCE_EXHAUSTED, "", ms));
        assertThat(problem.headers()).containsEntry("Retry-After", seconds);
        assertThat(body(problem).path("retryAfterMs").asLong()).isEqualTo(ms);
    }

    @Test
    void aStatusOfHttpsOwnTakesThePlaceOfTheCodes() {
        Problem problem = Problem.of(413, Refusal.invalid("too large"));
        assertThat(problem.status()).isEqualTo(413);
        assertThat(body(problem).path("status").asInt()).isEqualTo(413);
        assertThat(body(problem).path("title").asText()).isEqualTo("Content Too Large");
        assertThat(body(problem).path("code").asText()).isEqualTo("INVALID_ARGUMENT");
    }
}
