package dev.hubbub.checker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The network between a node and its Redis, on the loopback. Cut, it resets each connection and refuses new ones. Held,
 * it takes connections and moves no byte, as a network does that loses all packets; what was sent meanwhile arrives
 * late, when it is healed. Thread-safe.
 */
final class Proxy implements AutoCloseable {
    private enum State {
        OPEN,
        CUT,
        HELD,
        CLOSED
    }

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    /** Guarded by this. */
    private State state = State.OPEN;

    /** @param target a port of the loopback */
    Proxy(int target) {
        this.target = target;
        try {
            server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return server.getLocalPort();
    }

    synchronized void cut() {
        state = State.CUT;
        sockets.forEach(Proxy::reset);
        notifyAll();
    }

    synchronized void hold() {
        state = State.HELD;
    }

    synchronized void heal() {
        state = State.OPEN;
        notifyAll();
    }

    private void accept() {
        while (true) {
            try {
                Socket near = server.accept();
                start("link", () -> link(near));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void link(Socket near) {
        Socket far = new Socket();
        sockets.add(near);
        sockets.add(far);
        if (!mayPass()) {
            end(near, far);
            return;
        }
        try {
            near.setTcpNoDelay(true);
            far.setTcpNoDelay(true);
            far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target), 5_000);
        } catch (IOException e) {
            end(near, far);
            return;
        }
        start("back", () -> pump(far, near));
        pump(near, far);
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[65_536];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read = in.read(buffer);
            while (read >= 0 && mayPass()) {
                out.write(buffer, 0, read);
                read = in.read(buffer);
            }
        } catch (IOException e) {
            // the other end is told by the reset
        }
        end(from, to);
    }

    /** Waits while the network is held; false where nothing passes any more. */
    private synchronized boolean mayPass() {
        try {
            while (state == State.HELD) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return state == State.OPEN;
    }

    private void end(Socket one, Socket other) {
        reset(one);
        reset(other);
        sockets.remove(one);
        sockets.remove(other);
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it is gone already
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            state = State.CLOSED;
            notifyAll();
        }
        sockets.forEach(Proxy::reset);
        try {
            server.close();
        } catch (IOException e) {
            // nothing is lost
        }
    }
}
