package dev.hubbub.redis;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a Redis can be used, by what it says of itself. */
final class Fitness {
    private static final int OLDEST = 7;
    private static final Pattern VERSION = Pattern.compile("(?m)^(?:redis|valkey)_version:(\\d+)\\.");
    private static final Pattern POLICY = Pattern.compile("(?m)^maxmemory_policy:(\\S+)");

    private Fitness() {}

    /**
     * @param info what its {@code INFO} tells
     * @return why it cannot be used; empty where it can
     */
    static String of(String info) {
        Matcher version = VERSION.matcher(info);
        if (!version.find() || Integer.parseInt(version.group(1)) < OLDEST) {
            return "hubbub.redis must be Redis " + OLDEST + " or newer, or Valkey";
        }
        Matcher policy = POLICY.matcher(info);
        if (policy.find() && !policy.group(1).equals("noeviction")) {
            return "hubbub.redis must have maxmemory-policy noeviction, and has " + policy.group(1)
                    + ": what it evicts would be lost in silence";
        }
        return "";
    }
}
