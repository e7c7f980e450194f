package dev.hubbub.checker;

/** A message on its way: the same key each time that it is sent. Its publisher's. */
final class Outgoing {
    final String room;
    /** The idempotency key too. */
    final String payload;

    final long sentAt = System.nanoTime();

    Outgoing(String room, String payload) {
        this.room = room;
        this.payload = payload;
    }
}
