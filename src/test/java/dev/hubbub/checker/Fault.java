package dev.hubbub.checker;

/**
 * A harm that is done and healed.
 *
 * @param target whom it is done to: two harms at once are done to two
 * @param losses how often Redis may lose by it what it has acknowledged
 * @param settled waits until the healing has taken effect
 */
record Fault(String target, String name, int losses, Runnable begin, Runnable heal, Runnable settled) {
    private static final Runnable NOTHING = () -> {};

    static Fault keeping(String target, String name, Runnable begin, Runnable heal) {
        return new Fault(target, name, 0, begin, heal, NOTHING);
    }

    /** One that is over as soon as it is done. */
    static Fault once(String target, String name, Runnable task) {
        return keeping(target, name, task, NOTHING);
    }

    static Fault losing(String target, String name, Runnable begin, Runnable heal) {
        return new Fault(target, name, 1, begin, heal, NOTHING);
    }

    /**
     * One that for a while leaves two Redis that take messages: a node that hears one of them and asks the other may
     * begin a room anew on the one that is about to give way, and so lose that too.
     */
    static Fault dividing(String target, String name, Runnable begin) {
        return new Fault(target, name, 2, begin, NOTHING, NOTHING);
    }

    Fault then(Runnable waits) {
        return new Fault(target, name, losses, begin, heal, waits);
    }
}
