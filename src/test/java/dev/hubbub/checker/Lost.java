package dev.hubbub.checker;

import java.io.IOException;

/** A connection is over, or never came to be: a client comes back. */
final class Lost extends IOException {
    private static final long serialVersionUID = 1;

    Lost(String why) {
        super(why);
    }
}
