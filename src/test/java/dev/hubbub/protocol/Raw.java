package dev.hubbub.protocol;

/** Lets the tests of other packages make JSON values. */
public final class Raw {
    private Raw() {}

    /** The caller vouches for it. */
    public static RawJson json(String text) {
        return RawJson.ofValid(text);
    }

    public static Body body(String payload) {
        return new Body(json(payload), null, null, false, null);
    }

    public static Body ephemeral(String payload) {
        return new Body(json(payload), null, null, true, null);
    }

    public static Body conflated(String payload, String name) {
        return new Body(json(payload), null, name, false, null);
    }
}
