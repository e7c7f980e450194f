package dev.hubbub.protocol;

import org.jspecify.annotations.Nullable;

/**
 * What a publisher hands to a room.
 *
 * @param event the app's own name for it, 1 to 128 characters
 * @param conflate what it is a newer value of, 1 to 128 characters
 * @param ephemeral not kept, without seq
 * @param meta carried through unread, an object of at most 1 KiB
 */
public record Body(
        RawJson payload,
        @Nullable String event,
        @Nullable String conflate,
        boolean ephemeral,
        @Nullable RawJson meta) {}
