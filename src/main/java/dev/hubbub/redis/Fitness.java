package dev.hubbub.redis;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether a Redis can be used, by what it says of itself. */
final class Fitness {
    private static final int OLDEST = 7;
    private static final Pattern VERSION = Pattern.compile("(?m)^(?:redis|valkey)_version:(\\d+)\\.");
    private static final Pattern POLICY = Pattern.compile("(?m)^maxmemory_policy:(\\S+)");
    private static final List<String> REFUSALS = List.of("NOAUTH", "WRONGPASS", "NOPERM");

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

    /** What an error says of credentials that are wrong, which waiting does not mend; empty where it is another. */
    static String refusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            for (String refusal : REFUSALS) {
                int at = message.indexOf(refusal);
                if (at >= 0) {
                    return message.substring(at).lines().findFirst().orElse("").split("\\. channel:", 2)[0];
                }
            }
        }
        return "";
    }
}
