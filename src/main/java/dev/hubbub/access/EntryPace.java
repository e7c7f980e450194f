package dev.hubbub.access;

import dev.hubbub.config.Settings;
import dev.hubbub.protocol.ErrorCode;
import dev.hubbub.protocol.Refusal;
import io.github.bucket4j.Bucket;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How fast this node lets people in, from however many addresses they come, so that a herd which comes back, or is made to
 * come, takes no more of the node than those who are in can spare. Thread-safe.
 */
@Singleton
public class EntryPace {
    /** Whoever is refused is told to come back somewhere in here, in ms: not all at the same time. */
    private static final int LEAST_WAIT_MS = 1_000;

    private static final int MOST_WAIT_MS = 10_000;

    /**
     * Who knocks, by what they bring, and how much they leave to those behind them in this list. Strangers, who cost nothing
     * to be, leave half of what may come at once to those who are known, but for as many as look at the same moment. A quarter is
     * left to those who have a ticket, and whoever asks for one counts as having none: so it is given to no more than find a place.
     */
    enum Knock {
        /** Anonymous, or without having said who. */
        STRANGER(3),
        STRANGER_WITH_TICKET(2),
        KNOWN(1),
        KNOWN_WITH_TICKET(0);

        private final int quarters;

        Knock(int quarters) {
            this.quarters = quarters;
        }

        boolean hasTicket() {
            return this == STRANGER_WITH_TICKET || this == KNOWN_WITH_TICKET;
        }

        static Knock of(boolean stranger, boolean ticket) {
            if (stranger) {
                return ticket ? STRANGER_WITH_TICKET : STRANGER;
            }
            return ticket ? KNOWN_WITH_TICKET : KNOWN;
        }
    }

    private final Settings.Limits limits;
    private final Refusals refusals;
    private final Bucket bucket;

    @Inject
    public EntryPace(Settings settings, Refusals refusals) {
        this.limits = settings.limits;
        this.refusals = refusals;
        this.bucket = Pace.bucket(limits.nodeHandshakesPerSecond(), limits.nodeHandshakesBurst());
    }

    /** Whether this one would be refused now; null where not. Takes nothing. */
    @Nullable
    Refusal check(Knock knock, String address) {
        return hasRoom(knock) ? null : refused(address);
    }

    /** Takes a place; null where there was one. */
    @Nullable
    Refusal take(Knock knock, String address) {
        return hasRoom(knock) && consume() ? null : refused(address);
    }

    /** For one who took a place and is refused all the same. */
    void giveBack() {
        bucket.addTokens(1);
    }

    private boolean hasRoom(Knock knock) {
        return !limits.enabled() || bucket.getAvailableTokens() > limits.nodeHandshakesBurst() * knock.quarters / 4;
    }

    private boolean consume() {
        return !limits.enabled() || bucket.tryConsume(1);
    }

    private Refusal refused(String address) {
        refusals.count(Refusals.Reason.NODE_HANDSHAKE_RATE, address);
        return new Refusal(
                ErrorCode.UNAVAILABLE,
                "too many come to this node at once",
                ThreadLocalRandom.current().nextInt(LEAST_WAIT_MS, MOST_WAIT_MS + 1));
    }
}
