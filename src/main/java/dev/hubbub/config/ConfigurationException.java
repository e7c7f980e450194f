package dev.hubbub.config;

/** A setting is wrong. The message is one line with the key, the value and what is allowed. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ConfigurationException(String key, String value, String allowed) {
        super("configuration: " + key + "=" + printable(value) + " is not allowed: it must be " + allowed);
    }

    private static String printable(String value) {
        return value.replaceAll("\\p{Cntrl}", "?");
    }
}
