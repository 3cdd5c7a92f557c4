package io.tcplab.loadgen.lab.published;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.PortLoop.Acceptor;
import io.tcplab.loadgen.lab.PortLoop.Closer;
import io.tcplab.loadgen.lab.Stage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** P1: connects until no port is left, and times each call. */
public final class ConnectsIntoAnEmptyingRange implements Experiment {
    private static final int PORTS = 5000;
    private static final int REFUSALS = 20;
    private static final int CLIFF = 4;

    @Override
    public Card card() {
        return Card.of("P1", "connect() gets slow long before the ports run out")
                .hypothesis("A nearly full port range makes connect() itself slow.")
                .needs(Need.NAMESPACES)
                .verifies(
                        "The median time inside connect(2) in the first and in the last quarter of a range of 5000 ports.")
                .because(
                        "The call does not wait for the handshake, so that only the search for a free port takes long.")
                .reading(
                        "HAProxy commit 4cae3bf6; net/ipv4/inet_hashtables.c __inet_hash_connect; ip(7) ip_local_port_range; RFC 6056 §3");
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.ip_local_port_range", "40000 " + (40_000 + PORTS - 1));
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 0);
        PortLoop.guard(lab.client());
        Listener listener = lab.server().listen(1024);
        InetSocketAddress address = listener.address();
        List<Long> calls = new ArrayList<>();
        List<Long> refusals = new ArrayList<>();
        try (Acceptor _ = PortLoop.serve(listener, Closer.CLIENT)) {
            lab.client().inside(() -> {
                while (refusals.size() < REFUSALS && !Thread.currentThread().isInterrupted()) {
                    long nanos = connectAndClose(address);
                    (nanos < 0 ? refusals : calls).add(Math.abs(nanos));
                }
                return calls;
            });
        }
        lab.figure("connections made", calls.size());
        lab.expect(calls.size() == PORTS, "each of the " + PORTS + " ports was used once, " + calls.size() + " were");
        long first = lab.figure("µs inside connect(), first quarter", median(calls.subList(0, PORTS / 4)));
        long half = lab.figure("µs inside connect(), third quarter", median(calls.subList(PORTS / 2, PORTS * 3 / 4)));
        long last = lab.figure("µs inside connect(), last quarter", median(calls.subList(PORTS * 3 / 4, PORTS)));
        long refused = lab.figure("µs until EADDRNOTAVAIL", median(refusals));
        return Finding.published(
                last >= CLIFF * Math.max(1, first),
                "38000 connects a second fall to 400 within 200 ms",
                "on a range shortened to 5000 ports " + first + " µs in the first quarter, " + half
                        + " µs in the third, " + last + " µs in the last, " + refused + " µs for each EADDRNOTAVAIL");
    }

    /** The time inside connect(2); negative when there was no port. */
    private static long connectAndClose(InetSocketAddress address) throws IOException {
        try (NativeSocket socket = NativeSocket.open()) {
            Errno _ = socket.nonBlocking(true);
            long start = System.nanoTime();
            Errno errno = socket.connect(address);
            long nanos = System.nanoTime() - start;
            if (errno == Errno.EADDRNOTAVAIL) {
                return -nanos;
            }
            var _ = socket.await(NativeSocket.POLLOUT, 3000);
            Errno _ = socket.shutdown(NativeSocket.Half.WRITE);
            var _ = socket.await(NativeSocket.POLLIN, 3000);
            var _ = socket.recv(new byte[1], NativeSocket.MSG_DONTWAIT);
            return nanos;
        }
    }

    private static long median(List<Long> nanos) {
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        return sorted.get(sorted.size() / 2) / 1000;
    }
}
