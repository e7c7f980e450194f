package dev.hubbub.tool;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.hubbub.support.Node;
import dev.hubbub.support.Race;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bin/hubbub} with its tools, as it is called from a shell in another directory. */
class ToolsIT {
    private static final String SECRET = "a secret of more than thirty-two characters";
    private static final String NODES_SECRET = "another-secret-of-more-than-thirty-two-characters";
    private static final Map<String, String> ENVIRONMENT = Map.of("HUBBUB_AUTH_JWT_SECRET", SECRET);

    @TempDir
    Path directory;

    private Call call(Map<String, String> environment, String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("node.dist", "target/hubbub"), "bin", "hubbub")
                .toAbsolutePath()
                .toString());
        command.addAll(List.of(words));
        Path out = Files.createTempFile(directory, "out", "");
        Path err = Files.createTempFile(directory, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Call(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private String answer(Map<String, String> environment, String... words) throws Exception {
        Call call = call(environment, words);
        assertThat(call.err()).isEmpty();
        assertThat(call.status()).isZero();
        return call.out().strip();
    }

    private static void refused(Call call, int status, String... words) {
        assertThat(call.status()).as(call.err()).isEqualTo(status);
        assertThat(call.out()).isEmpty();
        assertThat(call.err()).contains(words).doesNotContain("Exception", "\tat ", SECRET);
    }

    private static int publish(Node node, String bearer, String room) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(node.http("/api/v1/rooms/" + room + "/messages"))
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"payload\":1}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aNodeTakesWhatTheToolsMake() throws Exception {
        String token =
                answer(ENVIRONMENT, "token", "--user", "ana", "--name", "Ana B", "--room", "chat:*=join,publish");
        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getStringClaim("name"))
                .isEqualTo("Ana B");
        String file = directory.resolve("keys.json").toString();
        String key =
                answer(Map.of(), "key", "add", "--file", "keys.json", "--scope", "publish:news:*", "--label", "shop");
        try (Node node = Node.launch("-Dhubbub.auth.jwt.secret=" + NODES_SECRET, "-Dhubbub.api-keys.file=" + file)) {
            node.awaitReady();
            String own = answer(
                    Map.of(),
                    "token",
                    "--user",
                    "ana",
                    "--room",
                    "chat:*=publish",
                    "-Dhubbub.auth.jwt.secret=" + NODES_SECRET);
            assertThat(publish(node, own, "chat:a")).isEqualTo(201);
            assertThat(publish(node, own, "news:a")).isEqualTo(403);
            assertThat(publish(node, token, "chat:a"))
                    .as("signed with another secret")
                    .isEqualTo(401);
            assertThat(publish(node, key, "news:a")).isEqualTo(201);
            assertThat(publish(node, key, "chat:a")).isEqualTo(403);
            String id = key.split("_", 3)[1];
            String next = answer(Map.of(), "key", "rotate", "--file", "keys.json", "--id", id, "--overlap", "1d");
            Awaitility.await("the file is read again")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> publish(node, next, "news:a") == 201);
            assertThat(publish(node, key, "news:a")).as("within the overlap").isEqualTo(201);
            answer(Map.of(), "key", "remove", "--file", "keys.json", "--id", id);
            Awaitility.await("the key is gone")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> publish(node, key, "news:a") == 401);
            assertThat(answer(Map.of(), "key", "list", "--file", file)).contains("shop", "publish:news:*");
        }
    }

    @Test
    void keysThatAreAddedAtOnceAreAllThere() throws Exception {
        List<String> keys =
                Race.run(3, thread -> answer(Map.of(), "key", "add", "--file", "keys.json", "--scope", "rooms"));
        String list = answer(Map.of(), "key", "list", "--file", "keys.json");
        assertThat(keys)
                .doesNotHaveDuplicates()
                .allSatisfy(key -> assertThat(list).contains(key.split("_", 3)[1]));
    }

    @Test
    void theConfigurationIsCheckedAsANodeReadsIt() throws Exception {
        String text =
                answer(ENVIRONMENT, "check", "-Dhubbub.namespace.chat.join=users", "-Dhubbub.limits.enabled=false");
        assertThat(text)
                .contains("a secret of hubbub.auth.jwt.secret", "warning: hubbub.limits.enabled=false")
                .containsPattern("(?m)^ *chat +users +granted")
                .doesNotContain(SECRET);
        refused(call(Map.of(), "check", "-Dhubbub.dev=maybe"), 78, "hubbub.dev=maybe", "true or false");
        refused(call(Map.of("HUBBUB_PRESENCE_GRACE", "15s"), "check"), 78, "hubbub.presence.grace=15s");
        refused(call(Map.of(), "check", "-Dhubbub.api-keys.file=none.json"), 78, "hubbub.api-keys.file=none.json");
        refused(call(Map.of("HUBBUB_AUTH_JWT_SECRET", "short"), "check"), 78, "hubbub.auth.jwt.secret", "(hidden)");
    }

    @Test
    void whatIsNotUnderstoodIsSaidAndHelpIsGiven() throws Exception {
        refused(call(Map.of(), "tokens"), 64, "'tokens'", "usage: hubbub");
        refused(call(Map.of(), "-x"), 64, "'-x'", "usage: hubbub");
        refused(call(Map.of(), "-Dhubbub.dev=true", "check"), 64, "'check'");
        refused(call(Map.of(), "key"), 64, "add, list, rotate or remove");
        refused(call(ENVIRONMENT, "token"), 64, "--user is needed");
        refused(call(ENVIRONMENT, "token", "--user", "not an id"), 64, "must be a user id");
        refused(call(ENVIRONMENT, "token", "--user", "ana", "--ttl", "90d"), 64, "hubbub.auth.jwt.max-age");
        refused(call(Map.of(), "token", "--user", "ana"), 78, "hubbub.auth.jwt.secret");
        for (String word : List.of("help", "--help", "-h")) {
            assertThat(answer(Map.of(), word)).startsWith("usage: hubbub");
        }
        for (String tool : List.of("token", "key", "check")) {
            assertThat(answer(Map.of(), tool, "--help")).startsWith("usage: hubbub " + tool);
        }
    }

    /** The examples of {@code docs/tools.md} are what the tools say of themselves. */
    @Test
    void theDocumentationHasTheirUsage() throws Exception {
        String doc = Files.readString(Path.of("docs", "tools.md"));
        for (String tool : List.of("token", "key", "check")) {
            assertThat(doc).contains(answer(Map.of(), tool, "--help"));
        }
    }
}
