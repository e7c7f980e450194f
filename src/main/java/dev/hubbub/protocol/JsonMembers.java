package dev.hubbub.protocol;

import jakarta.json.Json;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.json.stream.JsonParserFactory;
import jakarta.json.stream.JsonParsingException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object with the places of their values in its text. The streaming parser proves that all of
 * it is valid JSON (RFC 8259); values are cut out, not turned into objects. Of members with one name the last wins.
 */
final class JsonMembers {
    private static final JsonParserFactory PARSERS = Json.createParserFactory(Map.of());
    static final JsonMembers NONE = new JsonMembers("", List.of());

    /** What stands in a member, told from its first token. */
    enum Kind {
        STRING,
        NUMBER,
        BOOLEAN,
        NULL,
        OBJECT,
        ARRAY
    }

    private record Member(
            String name,
            Kind kind,
            int start,
            int end,
            @Nullable String string) {}

    /** The text is no JSON object, or nests too deeply; the message says which. */
    static final class NotAnObject extends Exception {
        NotAnObject(String message) {
            super(message, null, false, false);
        }
    }

    private final String text;
    private final List<Member> members;

    private JsonMembers(String text, List<Member> members) {
        this.text = text;
        this.members = members;
    }

    /** @param maxDepth the deepest nesting allowed; the object itself is level 1 */
    static JsonMembers read(String text, int maxDepth) throws NotAnObject {
        try (JsonParser parser = PARSERS.createParser(new StringReader(text))) {
            if (!parser.hasNext() || parser.next() != Event.START_OBJECT) {
                throw new NotAnObject("the frame is no JSON object");
            }
            JsonMembers read = new JsonMembers(text, members(text, parser, maxDepth));
            if (parser.hasNext()) {
                throw new NotAnObject("something follows the JSON object");
            }
            return read;
        } catch (JsonParsingException | NoSuchElementException | IllegalStateException e) {
            throw new NotAnObject("the frame is not valid JSON");
        }
    }

    /** The texts of an array's elements; where there are more than {@code most}, of one more than these. */
    static List<String> elements(String array, int maxDepth, int most) throws NotAnObject {
        List<String> elements = new ArrayList<>();
        try (JsonParser parser = PARSERS.createParser(new StringReader(array))) {
            parser.next();
            int start = offset(parser);
            for (Event event = parser.next();
                    event != Event.END_ARRAY && elements.size() <= most;
                    event = parser.next()) {
                if (event == Event.START_OBJECT || event == Event.START_ARRAY) {
                    skip(parser, maxDepth);
                }
                int end = offset(parser);
                elements.add(array.substring(valueStart(array, start), end));
                start = end;
            }
        }
        return elements;
    }

    private static List<Member> members(String text, JsonParser parser, int maxDepth) throws NotAnObject {
        List<Member> members = new ArrayList<>(6);
        while (parser.next() == Event.KEY_NAME) {
            String name = parser.getString();
            int start = valueStart(text, offset(parser));
            Event event = parser.next();
            Kind kind = kind(event);
            String string = kind == Kind.STRING ? parser.getString() : null;
            if (kind == Kind.OBJECT || kind == Kind.ARRAY) {
                skip(parser, maxDepth);
            }
            members.add(new Member(name, kind, start, offset(parser), string));
        }
        return members;
    }

    /** Walks to the end of the object or array just begun, which is level 2. */
    private static void skip(JsonParser parser, int maxDepth) throws NotAnObject {
        int depth = 2;
        while (depth > 1) {
            if (depth > maxDepth) {
                throw new NotAnObject("the frame nests deeper than allowed");
            }
            switch (parser.next()) {
                case START_OBJECT, START_ARRAY -> depth++;
                case END_OBJECT, END_ARRAY -> depth--;
                default -> {}
            }
        }
    }

    private static int offset(JsonParser parser) {
        return (int) parser.getLocation().getStreamOffset();
    }

    /** Past the colon or comma before a value, and white space. */
    private static int valueStart(String text, int from) {
        int at = from;
        while (at < text.length() && (text.charAt(at) == ':' || text.charAt(at) == ',' || text.charAt(at) <= ' ')) {
            at++;
        }
        return at;
    }

    private static Kind kind(Event event) {
        return switch (event) {
            case VALUE_STRING -> Kind.STRING;
            case VALUE_NUMBER -> Kind.NUMBER;
            case VALUE_TRUE, VALUE_FALSE -> Kind.BOOLEAN;
            case VALUE_NULL -> Kind.NULL;
            case START_OBJECT -> Kind.OBJECT;
            case START_ARRAY -> Kind.ARRAY;
            case KEY_NAME, END_OBJECT, END_ARRAY -> throw new IllegalStateException("no value");
        };
    }

    private @Nullable Member find(String name) {
        for (int i = members.size() - 1; i >= 0; i--) {
            if (members.get(i).name.equals(name)) {
                return members.get(i);
            }
        }
        return null;
    }

    Optional<Kind> kind(String name) {
        Member member = find(name);
        return member == null ? Optional.empty() : Optional.of(member.kind);
    }

    /** The text of a member's value as it was written. */
    String cut(String name) {
        Member member = find(name);
        if (member == null) {
            throw new IllegalArgumentException(name);
        }
        return text.substring(member.start, member.end);
    }

    /** The value of a member that is a string. */
    String string(String name) {
        Member member = find(name);
        if (member == null || member.string == null) {
            throw new IllegalArgumentException(name);
        }
        return member.string;
    }
}
