package dev.hubbub.http;

import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What a call answers: a status and a JSON body, or a refusal. */
@SuppressWarnings("ArrayRecordComponent") // a body on its way out
record Answer(int status, byte[] body, @Nullable Refusal refusal) {
    private static final Jsonb JSONB = JsonbBuilder.create();
    private static final byte[] NOTHING = {};

    static Answer json(int status, Object value) {
        return new Answer(status, JSONB.toJson(value).getBytes(StandardCharsets.UTF_8), null);
    }

    static Answer raw(byte[] json) {
        return new Answer(200, json, null);
    }

    static Answer empty(int status) {
        return new Answer(status, NOTHING, null);
    }

    static Answer refused(Refusal refusal) {
        return new Answer(refusal.code().httpStatus(), NOTHING, refusal);
    }

    /** With a status of HTTP's own, for what has no error code of its own. */
    static Answer refused(int status, String message) {
        return new Answer(status, NOTHING, Refusal.invalid(message));
    }

    static Answer refused(ErrorCode code, String message) {
        return refused(Refusal.of(code, message));
    }
}
