package dev.hubbub.http;

import dev.hubbub.cluster.Directory.Part;
import dev.hubbub.cluster.Unavailable;
import dev.hubbub.protocol.ErrorCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Answers that nodes gave together: a node that lives and did not answer is named in them. */
final class Parts {
    private Parts() {}

    static void unanswered(Map<String, Object> body, Part<?> part) {
        if (!part.unanswered().isEmpty()) {
            body.put("unanswered", part.unanswered());
        }
    }

    /**
     * A page of a list.
     *
     * @param id where the next page begins behind
     * @param items the part's, as they are told
     */
    static <T> Answer page(Part<T> part, Function<T, String> id, List<Map<String, Object>> items) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("items", items);
        if (part.more() && !part.items().isEmpty()) {
            body.put("next", id.apply(part.items().get(part.items().size() - 1)));
        }
        unanswered(body, part);
        return Answer.json(200, body);
    }

    static Answer unknown(String what) {
        return Answer.refused(ErrorCode.NOT_FOUND, "there is no such " + what);
    }

    /** It was not found; that there is none is known only where every node answered. */
    static Answer missing(String what, Part<?> part) {
        return part.unanswered().isEmpty()
                ? unknown(what)
                : Answer.refused(Unavailable.unanswered(part.unanswered()).refusal());
    }
}
