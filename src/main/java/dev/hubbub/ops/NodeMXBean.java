package dev.hubbub.ops;

/** The node's figures over JMX; totals count from the start. */
public interface NodeMXBean {
    /** Connections open now, of all transports. */
    long getConnections();

    long getRooms();

    /** Bytes that all rooms' logs hold. */
    long getLogBytes();

    long getMessagesIn();

    long getMessagesPublished();

    /** Bytes written to clients, without what a transport puts around a message. */
    long getBytesOut();
}
