package dev.hubbub.access;

import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Grant;
import dev.hubbub.session.Identity;
import dev.hubbub.session.Rights;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An identity as the text that a ticket stands for, and the page that it is for. */
final class TicketHolder {
    private static final int PARTS = 8;

    private TicketHolder() {}

    /** @param end when the credentials are not good any more, in ms since the epoch; 0 for never */
    static String format(Identity identity, long end, @Nullable String origin) {
        Grant grant = identity.grant();
        return String.join(
                "\n",
                identity.user().value(),
                identity.kind().name(),
                Long.toString(end),
                Long.toString(grant.issuedAt()),
                grant.rights().format(),
                text(identity.anon()),
                text(origin),
                text(identity.name()));
    }

    /** Empty where another page brings it. One of this very origin sends no Origin with what it reads. */
    static Optional<Identity> redeem(String holder, RequestCredentials brought) {
        String[] parts = holder.split("\n", PARTS);
        if (parts.length < PARTS
                || !(parts[6].isEmpty()
                        || parts[6].equals(brought.origin())
                        || (brought.origin() == null && brought.sameOrigin()))) {
            return Optional.empty();
        }
        Grant grant = new Grant(Long.parseLong(parts[2]), Long.parseLong(parts[3]), Rights.parse(parts[4]));
        return Optional.of(new Identity(
                new UserId(parts[0]), orNull(parts[7]), Identity.Kind.valueOf(parts[1]), grant, orNull(parts[5])));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static @Nullable String orNull(String value) {
        return value.isEmpty() ? null : value;
    }
}
