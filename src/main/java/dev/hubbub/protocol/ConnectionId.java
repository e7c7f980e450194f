package dev.hubbub.protocol;

/** The server's id of one connection, unique over the cluster and never used again. */
public record ConnectionId(String value) {
    @Override
    public String toString() {
        return value;
    }
}
