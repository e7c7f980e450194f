package dev.hubbub.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The network that the nemesis harms is harmed as it says. */
class ProxyTest {
    private ServerSocket echo;
    private Proxy proxy;

    @BeforeEach
    void start() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        proxy = new Proxy(echo.getLocalPort());
        Thread thread = new Thread(() -> {
            while (!echo.isClosed()) {
                try {
                    Socket socket = echo.accept();
                    new Thread(() -> copy(socket)).start();
                } catch (IOException e) {
                    return;
                }
            }
        });
        thread.start();
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        echo.close();
    }

    private static void copy(Socket socket) {
        try (socket) {
            socket.getInputStream().transferTo(socket.getOutputStream());
        } catch (IOException e) {
            // the test has ended it
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    private static int echo(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        return socket.getInputStream().read();
    }

    @Test
    void bytesPass() throws IOException {
        try (Socket socket = connect()) {
            assertThat(echo(socket, 7)).isEqualTo(7);
        }
    }

    @Test
    void aCutResetsConnectionsAndRefusesNewOnes() throws IOException {
        try (Socket socket = connect()) {
            assertThat(echo(socket, 7)).isEqualTo(7);
            proxy.cut();
            assertThatThrownBy(() -> echo(socket, 8)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> {
                    try (Socket socket = connect()) {
                        if (echo(socket, 7) < 0) {
                            throw new IOException("ended");
                        }
                    }
                })
                .isInstanceOf(IOException.class);
        proxy.heal();
        bytesPass();
    }

    @Test
    void whatIsHeldArrivesLate() throws IOException {
        try (Socket socket = connect()) {
            assertThat(echo(socket, 7)).isEqualTo(7);
            proxy.hold();
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> echo(socket, 8)).isInstanceOf(SocketTimeoutException.class);
            try (Socket another = connect()) {
                another.setSoTimeout(200);
                assertThatThrownBy(() -> echo(another, 9)).isInstanceOf(SocketTimeoutException.class);
                proxy.heal();
                socket.setSoTimeout(5_000);
                another.setSoTimeout(5_000);
                assertThat(socket.getInputStream().read()).isEqualTo(8);
                assertThat(another.getInputStream().read()).isEqualTo(9);
            }
        }
    }

    @Test
    void theOtherEndsEndIsOurs() throws IOException {
        try (Socket socket = connect()) {
            assertThat(echo(socket, 7)).isEqualTo(7);
            socket.shutdownOutput();
            assertThatThrownBy(() -> {
                        if (socket.getInputStream().read() < 0) {
                            throw new IOException("ended");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }
}
