package io.tcplab.loadgen.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A plain blocking server whose every connection is handled by what the test gives. */
final class MisbehavingServer implements AutoCloseable {

    /** What happens to an accepted connection. */
    interface Behaviour {
        void handle(Socket socket, int number) throws Exception;
    }

    private final ServerSocket listener;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(Thread.ofPlatform().daemon(true).factory());
    private final AtomicInteger accepted = new AtomicInteger();

    /** What nobody refers to any more the garbage collection closes: a behaviour that only leaves its socket alone would send a FIN. */
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();

    MisbehavingServer(Behaviour behaviour) {
        try {
            listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var _ = threads.submit(() -> accept(behaviour));
    }

    private void accept(Behaviour behaviour) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                int number = accepted.incrementAndGet();
                var _ = threads.submit(() -> {
                    behaviour.handle(socket, number);
                    return null;
                });
            } catch (IOException _) {
                return;
            }
        }
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    int accepted() {
        return accepted.get();
    }

    /** Stops listening; what was accepted goes on. */
    void stopListening() throws IOException {
        listener.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
