package dev.hubbub.http;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Problem;
import dev.hubbub.protocol.Refusal;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What a call answers: a JSON body, nothing but a status, or a problem. */
@SuppressWarnings("ArrayRecordComponent") // a body on its way out
record Answer(int status, Map<String, String> headers, byte[] body) {
    private static final Jsonb JSONB = JsonbBuilder.create();
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final byte[] NOTHING = {};

    static Answer json(int status, Object value) {
        return new Answer(status, JSON, JSONB.toJson(value).getBytes(StandardCharsets.UTF_8));
    }

    static Answer raw(byte[] json) {
        return new Answer(200, JSON, json);
    }

    static Answer empty(int status) {
        return new Answer(status, Map.of(), NOTHING);
    }

    static Answer refused(Refusal refusal) {
        return of(Problem.of(refusal));
    }

    /** With a status of HTTP's own, for what has no error code of its own. */
    static Answer refused(int status, String message) {
        return of(Problem.of(status, Refusal.invalid(message)));
    }

    /** The same, and the connection is closed then: what is left of the request is not waited for. */
    static Answer last(int status, String message) {
        Answer answer = refused(status, message);
        Map<String, String> headers = new HashMap<>(answer.headers);
        headers.put("Connection", "close");
        return new Answer(status, Map.copyOf(headers), answer.body);
    }

    static Answer refused(ErrorCode code, String message) {
        return refused(Refusal.of(code, message));
    }

    private static Answer of(Problem problem) {
        return new Answer(problem.status(), problem.headers(), problem.body());
    }
}
