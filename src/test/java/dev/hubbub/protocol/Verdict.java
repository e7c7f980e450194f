package dev.hubbub.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.hubbub.support.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Whether what the decoder says of a text agrees with another parser. */
final class Verdict {
    private Verdict() {}

    /** @return whether it was accepted */
    static boolean check(EnvelopeDecoder decoder, String characters) {
        // as it came over a socket: UTF-8 holds no half surrogates
        String text = new String(characters.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        Decoded decoded = decoder.decode(text);
        if (decoded instanceof Decoded.Invalid invalid) {
            if (invalid.refusal().code() == ErrorCode.UNIMPLEMENTED) {
                assertThat(parse(text).path("type").isTextual()).as(text).isTrue();
            } else {
                assertThat(invalid.refusal().code()).as(text).isEqualTo(ErrorCode.INVALID_ARGUMENT);
            }
            return false;
        }
        ClientMessage message = ((Decoded.Valid) decoded).message();
        JsonNode tree = parse(text);
        assertThat(tree.path("type").asText()).as(text).isEqualTo(message.type());
        assertThat(tree.has("id") ? tree.path("id").asText() : null).as(text).isEqualTo(message.id());
        if (message instanceof ClientMessage.Publish publish) {
            JsonNode data = tree.path("data");
            assertThat(data.path("room").asText())
                    .as(text)
                    .isEqualTo(publish.room().value());
            assertThat(StrictJson.parse(publish.body().payload().toString()))
                    .as(text)
                    .isEqualTo(data.path("payload"));
        }
        return true;
    }

    private static JsonNode parse(String text) {
        Optional<JsonNode> tree = StrictJson.tryParse(text);
        assertThat(tree).as("accepted, but another parser refuses it: %s", text).isPresent();
        assertThat(tree.get().isObject()).as(text).isTrue();
        return tree.get();
    }
}
