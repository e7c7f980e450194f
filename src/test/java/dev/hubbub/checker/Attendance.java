package dev.hubbub.checker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/**
 * Who is there once all was healed: every node lists exactly those who are, and every client that hears of members knows
 * them by what it was told.
 */
final class Attendance {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(WebSocketLink.PATIENCE).build();

    private final List<Integer> ports;
    private final List<String> rooms;
    private final List<WebSocketListener> members;

    Attendance(List<Integer> ports, List<String> rooms, List<Listener> listeners) {
        this.ports = ports;
        this.rooms = rooms;
        this.members = listeners.stream()
                .filter(l -> l instanceof WebSocketListener own && own.isMember())
                .map(l -> (WebSocketListener) l)
                .toList();
    }

    /** What is still wrong when it ought to be right. */
    List<String> isRight(Duration within) {
        long deadline = System.nanoTime() + within.toNanos();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(500))
                .atMost(within.plusSeconds(60))
                .until(() -> System.nanoTime() > deadline || wrong().isEmpty());
        return wrong();
    }

    private List<String> wrong() {
        Set<String> there =
                members.stream().map(WebSocketListener::user).collect(Collectors.toCollection(TreeSet::new));
        List<String> wrong = new ArrayList<>();
        for (String room : rooms) {
            members.stream()
                    .filter(m -> !m.roster(room).is(there))
                    .forEach(m -> wrong.add(
                            "PRESENCE " + m.name + " knows of " + room + ": " + m.roster(room) + ", not " + there));
            for (int port : ports) {
                Set<String> listed = listed(port, room);
                if (!listed.equals(there)) {
                    wrong.add("PRESENCE node " + port + " lists in " + room + ": " + listed + ", not " + there);
                }
            }
        }
        return wrong;
    }

    private static Set<String> listed(int port, String room) {
        URI uri = URI.create("http://127.0.0.1:" + port + "/api/v1/rooms/" + room + "/members?limit=1000");
        Set<String> users = new TreeSet<>();
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(uri).timeout(WebSocketLink.PATIENCE).build();
            JsonNode items = JSON.readTree(HTTP.send(request, HttpResponse.BodyHandlers.ofString())
                            .body())
                    .path("items");
            items.forEach(member -> users.add(member.get("user").asText()));
        } catch (IOException e) {
            users.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return users;
    }
}
