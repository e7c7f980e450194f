package dev.hubbub.session;

import dev.hubbub.protocol.CloseCode;

/** What a transport gives a session to write with. One write is in flight at a time. */
public interface FrameSink {
    /** Told once for each write, by any thread, maybe before {@code write} returns. */
    interface Completion {
        void written();

        void failed(Throwable cause);
    }

    /** Writes a batch. It is used again when this returns: what is not on its way by then must be held apart. */
    void write(Batch batch, Completion completion);

    /**
     * Once a second: the transport may give a sign that the server lives.
     *
     * @param ping it is time to ask whether the client does
     */
    void tick(long now, boolean ping);

    /** Whether a living client is heard after a ping, so that silence means that it is gone. */
    boolean answersPings();

    /** Ends the connection, telling why after what is in flight. */
    void close(CloseCode code, String reason);

    /** Ends the connection without waiting for a peer that does not read. */
    void abort();
}
