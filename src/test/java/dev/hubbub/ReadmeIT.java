package dev.hubbub;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Node;
import dev.hubbub.support.Ports;
import dev.hubbub.support.RawWebSocket;
import dev.hubbub.support.RedisServer;
import dev.hubbub.support.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md shows for trying a node works as it stands there; only the port is another. */
class ReadmeIT {
    private static final String SHOWN = "localhost:8080";
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```[a-z]*\\n(.*?)^```$");
    private static final Pattern BODY = Pattern.compile("--json '\\{(.*)}'");
    private static final Pattern WSCAT = Pattern.compile("\\$ npx wscat -c ws://" + SHOWN + "(\\S+) -s (\\S+)");
    private static final Pattern TYPE = Pattern.compile("\"type\":\"([^\"]+)\"");
    private static Node node;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        node = Node.start();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    private static List<String> blocks() throws IOException {
        return BLOCK.matcher(Files.readString(Path.of("README.md")))
                .results()
                .map(m -> m.group(1))
                .toList();
    }

    /** Starts a line as a shell would; what curl says, and last the HTTP status, goes to {@code output}. */
    private Process curl(String line, Path output) throws IOException {
        Files.writeString(
                directory.resolve(".curlrc"), "silent\nshow-error\nfail-with-body\nwrite-out = \"\\n%{http_code}\"\n");
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", "exec " + line.replace(SHOWN, "localhost:" + node.port()))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("CURL_HOME", directory.toString());
        builder.environment().put("no_proxy", "*");
        return builder.start();
    }

    private static void awaitText(Path output, String text) {
        Awaitility.await(text).until(() -> Files.readString(output).contains(text));
    }

    @Test
    void everyCurlLineWorks() throws Exception {
        List<String> lines = blocks().stream()
                .flatMap(String::lines)
                .filter(l -> l.startsWith("curl "))
                .toList();
        assertThat(lines).hasSizeGreaterThanOrEqualTo(3).anyMatch(l -> l.contains("/events?"));
        List<Process> listening = new ArrayList<>();
        List<Path> streams = new ArrayList<>();
        List<String> published = new ArrayList<>();
        try {
            for (String line : lines) {
                Path output = Files.createTempFile(directory, "curl", ".out");
                Process process = curl(line, output);
                if (line.contains("/events?")) {
                    listening.add(process);
                    streams.add(output);
                    awaitText(output, "event: room.joined\n");
                    continue;
                }
                assertThat(process.waitFor(20, TimeUnit.SECONDS)).as(line).isTrue();
                String answer = Files.readString(output);
                assertThat(process.exitValue()).as("%s: %s", line, answer).isZero();
                assertThat(answer.lines().toList()).as(line).last().asString().matches("2..");
                Matcher body = BODY.matcher(line);
                if (body.find()) {
                    published.add(body.group(1));
                } else {
                    assertThat(answer).as(line).contains(published);
                }
            }
            assertThat(published).isNotEmpty();
            for (Path stream : streams) {
                published.forEach(text -> awaitText(stream, text));
                assertThat(Files.readString(stream)).contains("event: room.published\n");
            }
        } finally {
            listening.forEach(Process::destroy);
        }
    }

    /** As wscat would: sends what stands behind {@code >}, and waits for what stands behind {@code <}. */
    @Test
    void theTalkOverWebSocketGoesAsShown() throws IOException {
        String talk = blocks().stream()
                .filter(b -> WSCAT.matcher(b).find())
                .findFirst()
                .orElseThrow();
        Matcher command = WSCAT.matcher(talk);
        assertThat(command.find()).isTrue();
        try (RawWebSocket socket =
                RawWebSocket.handshake(node, command.group(1), "Sec-WebSocket-Protocol: " + command.group(2))) {
            List<String> asked = new ArrayList<>();
            for (String line : talk.lines().toList()) {
                if (line.startsWith("> ")) {
                    JsonNode request = StrictJson.parse(line.substring(2));
                    asked.add(request.get("id").asText());
                    socket.send(line.substring(2));
                } else if (line.startsWith("< ")) {
                    Matcher type = TYPE.matcher(line);
                    assertThat(type.find()).as(line).isTrue();
                    socket.next(type.group(1));
                }
            }
            socket.barrier();
            assertThat(asked).isNotEmpty();
            assertThat(socket.all()).noneMatch(f -> f.get("type").asText().equals("error"));
            assertThat(socket.all().stream().map(f -> f.path("id").asText())).containsAll(asked);
        }
    }

    /** The line that starts three nodes, on other ports and another Redis: what is said on one is heard on another. */
    @Test
    void theThreeNodesOfTheClusterAreOneServer() throws Exception {
        String line = blocks().stream()
                .flatMap(String::lines)
                .filter(l -> l.startsWith("for port in 8081 8082 8083;"))
                .findFirst()
                .orElseThrow();
        List<Integer> ports = List.of(Ports.free(), Ports.free(), Ports.free());
        try (RedisServer redis = RedisServer.start()) {
            String command = line.replace("8081 8082 8083", ports.get(0) + " " + ports.get(1) + " " + ports.get(2))
                    .replace("redis://localhost:6379", redis.url());
            ProcessBuilder builder = new ProcessBuilder("sh", "-c", command + "; wait")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("nodes.log").toFile());
            builder.environment().put("JAVA_OPTS", Node.usual());
            Process shell = builder.start();
            try {
                for (int port : ports) {
                    Awaitility.await("ready").atMost(Duration.ofMinutes(1)).until(() -> status(port, "/readyz") == 200);
                }
                Path output = directory.resolve("said");
                String room = "/api/v1/rooms/chat:lobby/messages";
                curl("curl --json '{\"payload\":\"over there\"}' http://localhost:" + ports.get(0) + room, output)
                        .waitFor();
                curl("curl http://localhost:" + ports.get(2) + room, output).waitFor();
                assertThat(Files.readString(output)).contains("over there");
            } finally {
                shell.descendants().forEach(ProcessHandle::destroy);
                assertThat(shell.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    private int status(int port, String path) throws Exception {
        Path output = Files.createTempFile(directory, "status", ".out");
        curl("curl http://localhost:" + port + path, output).waitFor();
        String answer = Files.readString(output);
        return Integer.parseInt(answer.substring(answer.lastIndexOf('\n') + 1).trim());
    }
}
