package dev.hubbub.redis;

import dev.hubbub.cluster.Directory.Connection;
import dev.hubbub.cluster.Directory.Part;
import dev.hubbub.cluster.Directory.Use;
import dev.hubbub.protocol.ConnectionId;
import dev.hubbub.protocol.RoomName;
import dev.hubbub.protocol.UserId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One kind of things that nodes list for each other, a line for each, its fields divided by spaces: none of them has one.
 *
 * @param order what they are ordered by
 * @param both one thing that two nodes have
 */
record Listed<T>(
        Function<T, String> line, Function<List<String>, T> parse, Function<T, String> order, BinaryOperator<T> both) {
    /** What one node lists in one answer, in bytes: whoever asked goes on from there. */
    static final int MOST_BYTES = 256 * 1024;

    static final Listed<Connection> CONNECTIONS =
            new Listed<>(Listed::line, Listed::connection, c -> c.conn().value(), (one, other) -> one);
    static final Listed<Use> ROOMS =
            new Listed<>(Listed::line, Listed::use, use -> use.room().value(), Use::and);

    private static String line(Connection c) {
        String head = c.conn() + " " + c.user() + " " + c.node() + " " + c.since();
        return c.rooms().stream().map(room -> " " + room).collect(Collectors.joining("", head, ""));
    }

    private static Connection connection(List<String> fields) {
        List<RoomName> rooms = fields.stream().skip(4).map(RoomName::new).toList();
        return new Connection(
                new ConnectionId(fields.get(0)),
                new UserId(fields.get(1)),
                fields.get(2),
                Note.number(fields.get(3)),
                rooms);
    }

    private static String line(Use use) {
        return use.room() + " " + use.epoch() + " " + use.seq() + " " + use.connections();
    }

    private static Use use(List<String> fields) {
        return new Use(
                new RoomName(fields.get(0)), fields.get(1), Note.number(fields.get(2)), Note.number(fields.get(3)));
    }

    /** A line that says whether there is more, and a line for each: as many as are asked for and fit, one at least. */
    String text(List<T> items, int limit) {
        StringBuilder lines = new StringBuilder();
        int count = 0;
        while (count < items.size() && count < limit) {
            String next = line.apply(items.get(count));
            if (count > 0 && lines.length() + next.length() > MOST_BYTES) {
                break;
            }
            lines.append('\n').append(next);
            count++;
        }
        return (count < items.size() ? "1" : "0") + lines;
    }

    /** @throws Note.Garbage where it is something else */
    Part<T> part(byte[] text) {
        String[] lines = new String(text, StandardCharsets.UTF_8).split("\n", -1);
        if (!lines[0].matches("[01]")) {
            throw new Note.Garbage("no answer");
        }
        List<T> items = new ArrayList<>(lines.length);
        try {
            for (int i = 1; i < lines.length; i++) {
                items.add(parse.apply(Arrays.asList(lines[i].split(" ", -1))));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new Note.Garbage("a line is none of ours");
        }
        return new Part<>(items, lines[0].equals("1"), List.of());
    }

    /** Puts together what nodes list: no further than where one of them had to stop. */
    Part<T> together(Collection<Part<T>> parts, int limit, List<String> unanswered) {
        TreeMap<String, T> all = new TreeMap<>();
        String end = null;
        for (Part<T> part : parts) {
            part.items().forEach(item -> all.merge(order.apply(item), item, both));
            if (part.more() && !part.items().isEmpty()) {
                String last = order.apply(part.items().get(part.items().size() - 1));
                end = end == null || last.compareTo(end) < 0 ? last : end;
            }
        }
        Collection<T> known = (end == null ? all : all.headMap(end, true)).values();
        List<T> items = known.stream().limit(limit).toList();
        return new Part<>(items, end != null || known.size() > limit, unanswered);
    }
}
