package dev.hubbub.abuse;

import dev.hubbub.support.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Connections that send their handshake a byte at a time. One thread's. */
final class SlowHandshakes implements AutoCloseable {
    private static final byte[] HANDSHAKE = ("GET /ws HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\n"
                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")
            .getBytes(StandardCharsets.US_ASCII);

    private final List<SocketChannel> open = new ArrayList<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(1024);
    private final List<String> answers = new ArrayList<>();
    private int sent;

    SlowHandshakes(Node node, String from, int count) {
        try {
            for (int i = 0; i < count; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.bind(new InetSocketAddress(from, 0));
                channel.connect(new InetSocketAddress("127.0.0.1", node.port()));
                channel.configureBlocking(false);
                open.add(channel);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One more byte on each; whether all have ended. */
    boolean step() {
        for (Iterator<SocketChannel> each = open.iterator(); each.hasNext(); ) {
            SocketChannel channel = each.next();
            if (!step(channel)) {
                each.remove();
            }
        }
        sent++;
        return open.isEmpty();
    }

    private boolean step(SocketChannel channel) {
        try {
            buffer.clear();
            if (channel.read(buffer) == 0) {
                channel.write(ByteBuffer.wrap(HANDSHAKE, sent % HANDSHAKE.length, 1));
                return true;
            }
            answers.add(new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
            answers.add("");
        }
        close(channel);
        return false;
    }

    private static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What those that have ended were told. */
    List<String> answers() {
        return answers;
    }

    @Override
    public void close() {
        open.forEach(SlowHandshakes::close);
    }
}
