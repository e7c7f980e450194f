package dev.hubbub.protocol;

import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** JSON as texts, written in all the ways that the grammar of RFC 8259 allows. */
final class JsonTexts {
    private JsonTexts() {}

    static Arbitrary<String> space() {
        return Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.just("")),
                net.jqwik.api.Tuple.of(
                        2,
                        Arbitraries.strings()
                                .withChars(" \t\r\n")
                                .ofMinLength(1)
                                .ofMaxLength(4)));
    }

    private static Arbitrary<String> piece() {
        return Arbitraries.oneOf(
                Arbitraries.strings()
                        .withCharRange(' ', '~')
                        .excludeChars('"', '\\')
                        .ofMaxLength(12),
                Arbitraries.of("\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"),
                Arbitraries.integers().between(0, 0xffff).map(i -> String.format("\\u%04x", i)),
                Arbitraries.integers().between(0, 0xffff).map(i -> String.format("\\u%04X", i)),
                Arbitraries.integers()
                        .between(0x7f, 0x10ffff)
                        .filter(i -> i < 0xd800 || i > 0xdfff)
                        .map(Character::toString),
                Arbitraries.of("😀", "é", "\u2028", "\u2029", "\ufeff", "\u007f", "{", "}", "[", "]", ",", ":", "//"));
    }

    static Arbitrary<String> string() {
        return piece().list().ofMaxSize(6).map(l -> "\"" + String.join("", l) + "\"");
    }

    static Arbitrary<String> number() {
        Arbitrary<String> whole = Arbitraries.oneOf(
                Arbitraries.of("0", "1", "-0", "-1", "9007199254740993"),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(40).map(d -> "1" + d));
        Arbitrary<String> fraction = Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(12).map(d -> "." + d));
        Arbitrary<String> exponent = Arbitraries.of("", "", "e0", "E+12", "e-7", "E19");
        return Combinators.combine(whole, fraction, exponent).as((a, b, c) -> a + b + c);
    }

    /** Any value nested at most so deep. */
    static Arbitrary<String> value(int depth) {
        Arbitrary<String> scalar =
                Arbitraries.oneOf(string(), number(), Arbitraries.of("true", "false", "null", "{}", "[]"));
        if (depth == 0) {
            return scalar;
        }
        Arbitrary<String> inner = Combinators.combine(space(), Arbitraries.lazy(() -> value(depth - 1)), space())
                .as((a, b, c) -> a + b + c);
        Arbitrary<String> array = Combinators.combine(inner.list().ofMaxSize(4), space())
                .as((l, s) -> "[" + (l.isEmpty() ? s : String.join(",", l)) + "]");
        Arbitrary<String> member =
                Combinators.combine(space(), string(), space(), inner).as((a, name, b, v) -> a + name + b + ":" + v);
        Arbitrary<String> object = Combinators.combine(member.list().ofMaxSize(4), space())
                .as((l, s) -> "{" + (l.isEmpty() ? s : String.join(",", l)) + "}");
        return Arbitraries.oneOf(scalar, array, object);
    }

    /** An object of these members, in any order and with white space anywhere. */
    static Arbitrary<String> object(List<String> members) {
        return Combinators.combine(Arbitraries.shuffle(members), space().list().ofSize(members.size() * 2), space())
                .as((shuffled, spaces, end) -> "{"
                        + java.util.stream.IntStream.range(0, shuffled.size())
                                .mapToObj(i -> spaces.get(2 * i) + shuffled.get(i) + spaces.get(2 * i + 1))
                                .collect(Collectors.joining(","))
                        + "}" + end);
    }
}
