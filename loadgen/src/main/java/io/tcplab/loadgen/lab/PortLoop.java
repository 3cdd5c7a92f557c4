package io.tcplab.loadgen.lab;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * Connects and closes again and again from a range of twenty local ports, one connection after the other, so that only TIME_WAIT decides
 * how many can be made.
 */
public final class PortLoop {
    /** How many local ports there are. */
    public static final int PORTS = 20;

    private static final int OUTCOME_MILLIS = 1500;

    private PortLoop() {}

    /** Who ends each connection, and how. */
    public enum Closer {
        CLIENT,
        SERVER,
        /** The client, with SO_LINGER {1,0}. */
        ABORT
    }

    /**
     * What came of it.
     *
     * @param connected connections made and closed
     * @param noPort connects that were refused a local port, EADDRNOTAVAIL
     * @param other connects that failed otherwise
     */
    public record Tally(int connected, int noPort, int other) {}

    /** Gives a host the range 40000 to 40019 and guards its TIME_WAITs. */
    public static void narrow(Host host) throws Exception {
        host.sysctl("net.ipv4.ip_local_port_range", "40000 40019");
        guard(host);
    }

    /**
     * Lets no RST end a TIME_WAIT of this host. On a busy machine one in some thousand is ended so: the peer's delayed ACK comes after its
     * FIN, the TIME_WAIT acknowledges it, and nobody is left there to take that ACK but by an RST (RFC 1337).
     */
    public static void guard(Host host) throws Exception {
        host.sysctl("net.ipv4.tcp_rfc1337", 1);
    }

    /** Runs the loop for that many seconds against a listener that nothing else uses, and writes the tally down. */
    public static Tally run(Stage lab, Host from, Listener to, double seconds, Closer closer) throws Exception {
        InetSocketAddress address = to.address();
        Tally tally;
        try (Acceptor _ = serve(to, closer)) {
            tally = from.inside(() -> loop(address, seconds, closer));
        }
        lab.figure("connections made", tally.connected());
        lab.figure("refused a port (EADDRNOTAVAIL)", tally.noPort());
        lab.figure("failed otherwise", tally.other());
        return tally;
    }

    /** Takes connections and closes them, until it is closed itself. */
    public static Acceptor serve(Listener listener, Closer closer) {
        return new Acceptor(listener, closer == Closer.SERVER);
    }

    private static Tally loop(InetSocketAddress address, double seconds, Closer closer) throws Exception {
        int connected = 0;
        int noPort = 0;
        int other = 0;
        long end = System.nanoTime() + (long) (seconds * 1e9);
        while (System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
            Errno errno = one(address, closer);
            connected += errno.ok() ? 1 : 0;
            if (errno == Errno.EADDRNOTAVAIL) {
                noPort++;
                Thread.sleep(2);
            } else if (!errno.ok()) {
                other++;
            }
        }
        return new Tally(connected, noPort, other);
    }

    private static Errno one(InetSocketAddress address, Closer closer) throws IOException {
        try (NativeSocket socket = NativeSocket.open()) {
            Errno _ = socket.nonBlocking(true);
            Errno errno = socket.connect(address, OUTCOME_MILLIS);
            if (errno.ok() && closer == Closer.ABORT) {
                Errno _ = socket.linger(true, 0);
            } else if (errno.ok()) {
                if (closer == Closer.CLIENT) {
                    Errno _ = socket.shutdown(NativeSocket.Half.WRITE);
                }
                awaitEnd(socket);
            }
            return errno;
        }
    }

    private static void awaitEnd(NativeSocket socket) {
        var _ = socket.await(NativeSocket.POLLIN, OUTCOME_MILLIS);
        var _ = socket.recv(new byte[16], NativeSocket.MSG_DONTWAIT);
    }

    /** Takes connections and closes each: at once, or when its client has. */
    public static final class Acceptor implements AutoCloseable {
        private final Listener listener;
        private final boolean first;
        private final Thread thread;

        // The acceptor reads it between connections; the loop's thread writes it.
        private volatile boolean stopped;

        private Acceptor(Listener listener, boolean first) {
            this.listener = listener;
            this.first = first;
            this.thread = Thread.ofPlatform().daemon(true).name("lab-acceptor").start(this::takeAll);
        }

        private void takeAll() {
            while (!stopped) {
                var _ = listener.raw().await(NativeSocket.POLLIN, 50);
                NativeSocket taken = listener.raw().accept().socket();
                if (taken != null) {
                    if (!first) {
                        awaitEnd(taken);
                    }
                    taken.close();
                }
            }
        }

        /** Takes no further connection; waits for the one that is being served. */
        @Override
        public void close() {
            stopped = true;
            try {
                thread.join(3000);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
