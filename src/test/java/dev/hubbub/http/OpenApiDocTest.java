package dev.hubbub.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code docs/openapi.yaml} lists what the API serves, for people and their tools: no more and no less. */
class OpenApiDocTest {
    private static final String API = "/api/v1/";

    private static JsonNode read(String name) throws IOException {
        return new YAMLMapper().readTree(Path.of("docs", name).toFile());
    }

    /** A path as the servlet's table has it. */
    private static String key(String path) {
        String[] parts = path.substring(API.length()).split("/");
        return parts[0] + " " + parts.length + " " + (parts.length > 2 ? parts[2] : "");
    }

    private static Set<String> methods(JsonNode path) {
        return path.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !name.equals("parameters"))
                .map(name -> name.toUpperCase(Locale.ROOT))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theDocListsWhatTheApiServes() throws IOException {
        Map<String, Set<String>> listed = new TreeMap<>();
        read("openapi.yaml").get("paths").properties().stream()
                .filter(path -> path.getKey().startsWith(API))
                .forEach(path -> listed.put(key(path.getKey()), methods(path.getValue())));
        Map<String, Set<String>> served = new TreeMap<>();
        ApiServlet.METHODS.forEach((key, methods) -> served.put(key, new TreeSet<>(List.of(methods.split(", ")))));
        assertThat(listed).isEqualTo(served);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openapi.yaml", "asyncapi.yaml"})
    void whatADocRefersToIsInIt(String name) throws IOException {
        JsonNode doc = read(name);
        assertThat(doc.findValuesAsText("$ref").stream().filter(ref -> ref.startsWith("#")))
                .isNotEmpty()
                .allSatisfy(ref ->
                        assertThat(doc.at(ref.substring(1)).isMissingNode()).isFalse());
    }
}
