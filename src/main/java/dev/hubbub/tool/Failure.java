package dev.hubbub.tool;

/** Why a tool ends without having done its work: one line for people, and an exit status as sysexits.h numbers them. */
final class Failure extends RuntimeException {
    static final int USAGE = 64;
    static final int IO = 74;
    static final int CONFIGURATION = 78;

    private static final long serialVersionUID = 1;

    private final int status;

    private Failure(int status, String line) {
        super(line.replaceAll("\\p{Cntrl}", "?"), null, false, false);
        this.status = status;
    }

    /** What was asked for cannot be. */
    static Failure usage(String line) {
        return new Failure(USAGE, line);
    }

    /** A setting, or a file of the configuration, is not as it must be. */
    static Failure configuration(String line) {
        return new Failure(CONFIGURATION, line);
    }

    /** A file cannot be written. */
    static Failure io(String line) {
        return new Failure(IO, line);
    }

    int status() {
        return status;
    }
}
