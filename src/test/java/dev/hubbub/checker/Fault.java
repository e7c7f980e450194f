package dev.hubbub.checker;

/**
 * A harm that is done and healed.
 *
 * @param target whom it is done to: two harms at once are done to two
 * @param loses whether Redis may lose what it has acknowledged
 * @param settled waits until the healing has taken effect
 */
record Fault(String target, String name, boolean loses, Runnable begin, Runnable heal, Runnable settled) {
    private static final Runnable NOTHING = () -> {};

    static Fault keeping(String target, String name, Runnable begin, Runnable heal) {
        return new Fault(target, name, false, begin, heal, NOTHING);
    }

    /** One that is over as soon as it is done. */
    static Fault once(String target, String name, Runnable task) {
        return keeping(target, name, task, NOTHING);
    }

    static Fault losing(String target, String name, Runnable begin, Runnable heal) {
        return new Fault(target, name, true, begin, heal, NOTHING);
    }

    Fault then(Runnable waits) {
        return new Fault(target, name, loses, begin, heal, waits);
    }
}
