package dev.hubbub.client;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What a page pays for the client, and that the package is whole. */
class ClientSizeTest {
    private static final Path CLIENT = Path.of("webapp/client");
    private static final int MOST = 8 * 1024;

    @Test
    void theClientIsAtMostEightKilobytesCompressed() throws IOException {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(Files.readAllBytes(CLIENT.resolve("hubbub.js")));
        }
        assertThat(compressed.size()).isBetween(1024, MOST);
    }

    @Test
    void thePackageNamesTheServersVersionAndEveryFile() throws IOException {
        JsonObject manifest;
        try (JsonReader reader = Json.createReader(Files.newInputStream(CLIENT.resolve("package.json")))) {
            manifest = reader.readObject();
        }
        String version = manifest.getString("version");
        assertThat(Files.readString(Path.of("pom.xml")))
                .containsPattern("<artifactId>hubbub</artifactId>\\s*<version>" + version + "(-SNAPSHOT)?</version>");
        List<String> files =
                manifest.getJsonArray("files").getValuesAs(f -> f.toString().replace("\"", ""));
        assertThat(files).contains("hubbub.js", "hubbub.d.ts").allMatch(f -> Files.isRegularFile(CLIENT.resolve(f)));
        assertThat(manifest.getString("types")).isEqualTo("./hubbub.d.ts");
        assertThat(manifest.getString("main")).isEqualTo("./hubbub.js");
    }

    /** A word in the types is a word in the client, so that neither grows without the other. */
    @Test
    void everyPublicMethodHasItsType() throws IOException {
        String types = Files.readString(CLIENT.resolve("hubbub.d.ts"));
        Files.readString(CLIENT.resolve("hubbub.js"))
                .lines()
                .filter(line -> line.matches("  (async \\*?|get )?[a-z]\\w+\\(.*\\) \\{"))
                .map(line -> line.replaceFirst("^  (async \\*?|get )?", "").replaceFirst("\\(.*", ""))
                .filter(name -> !name.equals("constructor") && !name.equals("send"))
                .forEach(name -> assertThat(types).containsPattern("\\b" + name + "\\b"));
    }
}
