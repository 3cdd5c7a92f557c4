package io.tcplab.loadgen.inspect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** A server of a few lines: what it does on a connection is given, and whether it does so on several at once. */
final class SmallServer implements AutoCloseable {

    private static final int LONG_QUEUE = 200;

    private final ServerSocket listener;

    interface Serving {
        void serve(Socket socket) throws IOException, InterruptedException;
    }

    private SmallServer(ServerSocket listener) {
        this.listener = listener;
    }

    /** Serves several connections at once. */
    static SmallServer start(Serving serving) throws IOException {
        return start(serving, Executors.newVirtualThreadPerTaskExecutor(), LONG_QUEUE);
    }

    /** Serves so many connections at once. */
    static SmallServer start(Serving serving, int atATime) throws IOException {
        return start(
                serving,
                Executors.newFixedThreadPool(
                        atATime, Thread.ofPlatform().daemon(true).factory()),
                LONG_QUEUE);
    }

    /** Serves one connection after the other. */
    static SmallServer startOneAtATime(Serving serving) throws IOException {
        return startOneAtATime(serving, LONG_QUEUE);
    }

    /** As the other, with an accept queue of its own. */
    static SmallServer startOneAtATime(Serving serving, int backlog) throws IOException {
        return start(serving, Runnable::run, backlog);
    }

    private static SmallServer start(Serving serving, Executor threads, int backlog) throws IOException {
        SmallServer server = new SmallServer(new ServerSocket(0, backlog, InetAddress.ofLiteral("127.0.0.1")));
        Thread _ = Thread.ofVirtual().start(() -> server.accept(serving, threads));
        return server;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void accept(Serving serving, Executor threads) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                threads.execute(() -> {
                    try (socket) {
                        serving.serve(socket);
                    } catch (IOException | InterruptedException _) {
                        // A timeout, or the peer has gone.
                    }
                });
            } catch (IOException _) {
                // It is closed.
            }
        }
    }

    /** The head of the next request, or an empty text at the peer's FIN. */
    static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int read = socket.getInputStream().read();
            if (read < 0) {
                return "";
            }
            head.append((char) read);
        }
        return head.toString();
    }

    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
