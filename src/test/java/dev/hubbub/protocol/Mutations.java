package dev.hubbub.protocol;

import java.util.random.RandomGenerator;

/** Damages texts in the ways that find faults in parsers. */
final class Mutations {
    private static final String[] SPICE = {
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "\\",
        "\\u",
        "\\ud800",
        "\\udc00",
        "0",
        "-",
        ".",
        "e",
        "E+",
        "1e9999",
        "00",
        "null",
        "true",
        "false",
        "nul",
        "NaN",
        " ",
        "\n",
        "\r",
        "\t",
        "\u0000",
        "\u001f",
        "\u007f",
        "\u00a0",
        "\ufeff",
        "\u2028",
        "😀",
        "é",
        "\ud83d",
        "\ude00",
        "//",
        "/*",
        "'",
        "\"type\"",
        "\"data\":",
        "\"payload\":",
        "[[[[[[[[",
        "{\"a\":{\"a\":{\"a\":",
        "]]]]",
        "}}}}",
        "99999999999999999999",
        "9007199254740992"
    };

    private Mutations() {}

    static String mutate(String text, RandomGenerator random) {
        StringBuilder mutated = new StringBuilder(text);
        int times = 1 + random.nextInt(4);
        for (int i = 0; i < times; i++) {
            once(mutated, random);
        }
        return mutated.toString();
    }

    private static void once(StringBuilder text, RandomGenerator random) {
        int length = text.length();
        if (length == 0) {
            text.append(spice(random));
            return;
        }
        int at = random.nextInt(length);
        int end = Math.min(length, at + 1 + random.nextInt(8));
        switch (random.nextInt(9)) {
            case 0 -> text.deleteCharAt(at);
            case 1 -> text.delete(at, end);
            case 2 -> text.insert(at, spice(random));
            case 3 -> text.replace(at, at + 1, spice(random));
            case 4 -> text.setCharAt(at, (char) random.nextInt(128));
            case 5 -> text.insert(at, text.substring(at, end));
            case 6 -> text.setLength(at);
            case 7 -> {
                int other = random.nextInt(length);
                char c = text.charAt(at);
                text.setCharAt(at, text.charAt(other));
                text.setCharAt(other, c);
            }
            default -> text.setCharAt(at, (char) (text.charAt(at) ^ (1 << random.nextInt(8))));
        }
    }

    private static String spice(RandomGenerator random) {
        return SPICE[random.nextInt(SPICE.length)];
    }
}
