package dev.hubbub.access;

import dev.hubbub.protocol.UserId;
import dev.hubbub.session.Identity;
import org.jspecify.annotations.Nullable;

/** An identity as the text that a ticket stands for. */
final class TicketHolder {
    private TicketHolder() {}

    static String format(Identity identity) {
        return String.join(
                "\n",
                identity.user().value(),
                identity.kind().name(),
                Long.toString(identity.expiresAt()),
                text(identity.anon()),
                text(identity.name()));
    }

    static Identity parse(String holder) {
        String[] parts = holder.split("\n", 5);
        return new Identity(
                new UserId(parts[0]),
                orNull(parts[4]),
                Identity.Kind.valueOf(parts[1]),
                Long.parseLong(parts[2]),
                orNull(parts[3]));
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private static @Nullable String orNull(String value) {
        return value.isEmpty() ? null : value;
    }
}
