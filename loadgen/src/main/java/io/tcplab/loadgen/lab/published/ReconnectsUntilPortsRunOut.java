package io.tcplab.loadgen.lab.published;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.loadgen.lab.Card;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Finding;
import io.tcplab.loadgen.lab.Listener;
import io.tcplab.loadgen.lab.Need;
import io.tcplab.loadgen.lab.PortLoop;
import io.tcplab.loadgen.lab.Stage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** P3: 128 connections that ask once, close and connect again. */
public final class ReconnectsUntilPortsRunOut implements Experiment {
    private static final int CONNECTIONS = 128;
    private static final int PATIENCE_MILLIS = 5000;

    /** Before the first TIME_WAIT ends and its port comes back. */
    private static final int MOST_SECONDS = 55;

    @Override
    public Card card() {
        return Card.of("P3", "128 connections that reconnect for each request use up the ports")
                .hypothesis("A client that reconnects for each request gets slower and slower, then fails.")
                .needs(Need.NAMESPACES)
                .verifies("Requests per second as the ports are used up, and how many until the first EADDRNOTAVAIL.")
                .because("The client closes first, so that each request leaves a TIME_WAIT on a port.")
                .reading("redis/memtier_benchmark#232; V. Bernat, Coping with the TCP TIME-WAIT"
                        + " state; RFC 9293 §3.6, ip(7) ip_local_port_range")
                .takesLong(100);
    }

    @Override
    public Finding run(Stage lab) throws Exception {
        lab.client().sysctl("net.ipv4.tcp_tw_reuse", 0);
        PortLoop.guard(lab.client());
        String range = lab.client().sysctl("net.ipv4.ip_local_port_range").orElse("");
        String[] ends = range.strip().split("\\s+");
        int ports = Integer.parseInt(ends[1]) - Integer.parseInt(ends[0]) + 1;
        Listener listener = lab.server().listen(1024);
        Thread server = Thread.ofPlatform().daemon(true).name("lab-replies").start(() -> serve(listener));
        InetSocketAddress address = listener.address();
        List<Long> done = lab.client().inside(() -> load(address));
        server.interrupt();
        server.join();
        int made = done.size();
        boolean ranOut = made == ports;
        lab.figure(ranOut ? "requests until EADDRNOTAVAIL" : "requests in " + MOST_SECONDS + " s", made);
        if (made <= ports / 2) {
            return Finding.untestable("this machine is too busy: " + made + " requests in " + MOST_SECONDS
                    + " s did not use half of the " + ports + " ports");
        }
        long early = lab.figure("requests per second, first quarter", rate(done, 0, made / 4));
        long late = lab.figure("requests per second, last quarter", rate(done, made * 3 / 4, made));
        String end = ranOut
                ? "EADDRNOTAVAIL after " + made
                : "so slow in the end that the ports had not run out within " + MOST_SECONDS + " s (" + made + ")";
        return Finding.published(
                late * 3 < early,
                "14340 a second at first, 692 after 20 s, failed after 27477",
                early + " a second in the first quarter, " + late + " in the last, " + end + "; the default range of "
                        + ports + " ports allows " + ports / 60 + " per second in the long run (" + ports + " ÷ 60 s)");
    }

    private static long rate(List<Long> done, int from, int to) {
        double seconds = (done.get(to - 1) - done.get(from)) / 1e9;
        return Math.round((to - from) / seconds);
    }

    /** Answers when each request was answered; ends at the first EADDRNOTAVAIL, or before the first port comes back. */
    private static List<Long> load(InetSocketAddress address) throws IOException {
        List<Long> done = new ArrayList<>();
        ArrayDeque<NativeSocket> open = new ArrayDeque<>();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        try {
            NativeSocket next = request(address);
            while (next != null
                    && System.nanoTime() < end
                    && !Thread.currentThread().isInterrupted()) {
                done.add(System.nanoTime());
                open.addLast(next);
                if (open.size() == CONNECTIONS) {
                    open.removeFirst().close();
                }
                next = request(address);
            }
            return done;
        } finally {
            open.forEach(NativeSocket::close);
        }
    }

    private static @Nullable NativeSocket request(InetSocketAddress address) throws IOException {
        NativeSocket socket = NativeSocket.open();
        Errno _ = socket.nonBlocking(true);
        if (socket.connect(address, PATIENCE_MILLIS) == Errno.EADDRNOTAVAIL) {
            socket.close();
            return null;
        }
        var _ = socket.send(new byte[64], 0);
        var _ = socket.await(NativeSocket.POLLIN, PATIENCE_MILLIS);
        var _ = socket.recv(new byte[64], NativeSocket.MSG_DONTWAIT);
        return socket;
    }

    /** Answers each request; closes a connection when its client has. */
    private static void serve(Listener listener) {
        ArrayDeque<NativeSocket> open = new ArrayDeque<>();
        while (!Thread.currentThread().isInterrupted()) {
            var _ = listener.raw().await(NativeSocket.POLLIN, 50);
            NativeSocket taken = listener.raw().accept().socket();
            if (taken != null) {
                read(taken);
                var _ = taken.send(new byte[64], 0);
                open.addLast(taken);
            }
            if (open.size() >= CONNECTIONS) {
                NativeSocket oldest = open.removeFirst();
                read(oldest);
                oldest.close();
            }
        }
        open.forEach(NativeSocket::close);
    }

    private static void read(NativeSocket socket) {
        var _ = socket.await(NativeSocket.POLLIN, PATIENCE_MILLIS);
        var _ = socket.recv(new byte[64], NativeSocket.MSG_DONTWAIT);
    }
}
