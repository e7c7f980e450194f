package dev.hubbub.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A plain socket, read with time-outs that lose nothing, and the head of an HTTP answer on it. One thread's. */
public final class Wire implements AutoCloseable {
    /** How a read of at least one byte ended. */
    public enum Got {
        BYTES,
        NOTHING,
        END
    }

    private final Socket socket;
    private byte[] buffer = new byte[8192];
    private int start;
    private int end;

    /** @param receiveBuffer bytes that the kernel takes for us; 0 for its default */
    public Wire(int port, int receiveBuffer) {
        this(port, receiveBuffer, "127.0.0.1");
    }

    /** @param from the address that we have; any of 127.0.0.0/8 is this machine's own */
    public Wire(int port, int receiveBuffer, String from) {
        try {
            socket = new Socket();
            socket.bind(new InetSocketAddress(from, 0));
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress("127.0.0.1", port), 10_000);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return false where the other end has closed it */
    public boolean write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    public int available() {
        return end - start;
    }

    int peek(int index) {
        return buffer[start + index] & 0xff;
    }

    public byte[] take(int count) {
        byte[] taken = Arrays.copyOfRange(buffer, start, start + count);
        start += count;
        return taken;
    }

    /** Reads what there is, waiting no longer than until {@code deadline} of {@link System#nanoTime}. */
    public Got fill(long deadline) {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            return Got.NOTHING;
        }
        try {
            socket.setSoTimeout((int) left);
            int read = socket.getInputStream().read(buffer, end, buffer.length - end);
            if (read < 0) {
                return Got.END;
            }
            end += read;
            return Got.BYTES;
        } catch (SocketTimeoutException e) {
            return Got.NOTHING;
        } catch (IOException e) {
            return Got.END;
        }
    }

    /** Whether so many bytes are there. */
    public boolean await(int count, long deadline) {
        while (available() < count) {
            if (fill(deadline) != Got.BYTES) {
                return false;
            }
        }
        return true;
    }

    public static long deadline(Duration within) {
        return System.nanoTime() + within.toNanos();
    }

    /** A status line and headers, their names in lower case. */
    public record Head(int status, Map<String, String> headers) {}

    public Head head(Duration within) {
        long deadline = deadline(within);
        int at = 0;
        while (true) {
            for (; at + 4 <= available(); at++) {
                if (peek(at) == '\r' && peek(at + 1) == '\n' && peek(at + 2) == '\r' && peek(at + 3) == '\n') {
                    return parse(new String(take(at + 4), StandardCharsets.ISO_8859_1));
                }
            }
            if (fill(deadline) != Got.BYTES) {
                throw new AssertionError("no HTTP answer");
            }
        }
    }

    private static Head parse(String text) {
        String[] lines = text.split("\r\n");
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : Arrays.asList(lines).subList(1, lines.length)) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).trim(),
                    (a, b) -> a + ", " + b);
        }
        return new Head(Integer.parseInt(lines[0].split(" ")[1]), headers);
    }

    /** Resets the connection, as a machine does that was cut off and came back. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // it is gone already
        }
        close();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // nothing is lost
        }
    }
}
