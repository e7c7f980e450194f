package dev.hubbub.checker;

import dev.hubbub.protocol.Place;

/**
 * A message that the server has said it has.
 *
 * @param sentAt when it was first sent, in ns of {@link System#nanoTime}
 * @param acknowledgedAt when the answer was read
 */
record Acknowledged(String publisher, String room, Place place, String payload, long sentAt, long acknowledgedAt) {}
