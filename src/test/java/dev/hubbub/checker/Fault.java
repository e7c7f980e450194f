package dev.hubbub.checker;

/**
 * A harm that is done and healed.
 *
 * @param loses whether Redis may lose what it has acknowledged
 */
record Fault(String name, boolean loses, Runnable begin, Runnable heal) {
    static Fault keeping(String name, Runnable begin, Runnable heal) {
        return new Fault(name, false, begin, heal);
    }

    /** One that is over as soon as it is done. */
    static Fault once(String name, Runnable task) {
        return new Fault(name, false, task, () -> {});
    }

    static Fault losing(String name, Runnable begin, Runnable heal) {
        return new Fault(name, true, begin, heal);
    }
}
