package dev.hubbub.security;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.Api;
import dev.hubbub.support.EventStream;
import dev.hubbub.support.Node;
import dev.hubbub.support.RawWebSocket;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The ways in: what one refuses the others must too. */
enum Way {
    WEBSOCKET {
        @Override
        Answer knock(Node node, String query, String... headers) {
            try (RawWebSocket socket = RawWebSocket.handshake(node, "/ws?" + query, headers)) {
                return new Answer(
                        socket.status(),
                        socket.headers(),
                        socket.status() == 101 ? null : socket.problem(),
                        socket.status() == 101);
            }
        }
    },
    EVENTS {
        @Override
        Answer knock(Node node, String query, String... headers) {
            try (EventStream stream = EventStream.open(node, "room=" + ROOM + "&" + query, headers)) {
                return new Answer(
                        stream.status(),
                        stream.headers(),
                        stream.status() == 200 ? null : stream.problem(),
                        stream.status() == 200);
            }
        }
    },
    READ {
        @Override
        Answer knock(Node node, String query, String... headers) {
            return answer(Api.get(node, MESSAGES + "?" + query, pairs(headers)));
        }
    },
    WRITE {
        @Override
        Answer knock(Node node, String query, String... headers) {
            return answer(Api.post(node, MESSAGES + "?" + query, "{\"payload\":1}", pairs(headers)));
        }
    };

    /** The room that is knocked for; whoever is known may do all there is in it where {@link #OPEN} is set. */
    static final String ROOM = "open:door";

    /** Lets users do in {@link #ROOM} whatever there is. */
    static final String[] OPEN = {
        "-Dhubbub.namespace.open.join=users",
        "-Dhubbub.namespace.open.publish=users",
        "-Dhubbub.namespace.open.history=users",
        "-Dhubbub.namespace.open.members=users"
    };

    private static final String MESSAGES = "/api/v1/rooms/" + ROOM + "/messages";

    /** @param headers by lower-case names */
    record Answer(int status, Map<String, String> headers, JsonNode problem, boolean in) {
        /** The code of a refusal that has the form that refusals have; else what is wrong with it. */
        String code() {
            boolean form = headers.getOrDefault("content-type", "").startsWith("application/problem+json");
            return in ? "LET IN" : form ? problem.get("code").asText() : "no problem body";
        }

        String detail() {
            return problem.path("detail").asText();
        }
    }

    /** @param headers as lines */
    abstract Answer knock(Node node, String query, String... headers);

    Answer knock(Node node, String[] headers) {
        return knock(node, "", headers);
    }

    static String[] pairs(String... lines) {
        return Arrays.stream(lines)
                .flatMap(line -> Arrays.stream(line.split(": ?", 2)))
                .toArray(String[]::new);
    }

    private static Answer answer(Api.Reply reply) {
        Map<String, String> headers = reply.response().headers().map().entrySet().stream()
                .collect(Collectors.toMap(
                        e -> e.getKey().toLowerCase(java.util.Locale.ROOT), e -> String.join(", ", e.getValue())));
        return new Answer(reply.status(), Objects.requireNonNull(headers), reply.body(), reply.status() / 100 == 2);
    }
}
