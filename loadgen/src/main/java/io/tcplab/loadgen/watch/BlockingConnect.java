package io.tcplab.loadgen.watch;

import io.tcplab.kernel.syscall.Errno;
import io.tcplab.kernel.syscall.NativeSocket;
import io.tcplab.kernel.syscall.TcpInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a blocking connect(2) takes on this machine beyond its handshake, against which a generator's latencies can be held: the
 * call itself, the search for a port and, after a pause, caches and a CPU that have gone cold. The same call takes 25 µs in a
 * row and 130 µs at 100 a second.
 */
public final class BlockingConnect {

    private static final int FIRST_CONNECTS = 200;
    private static final int CONNECTS = 50;
    private static final long LONGEST_GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int BACKLOG = 16;

    private BlockingConnect() {}

    /**
     * Connects to a listener of its own on loopback, in the calling thread's network namespace, at the pace of a load: half a
     * second at most. The connections end by RST and leave no TIME_WAIT.
     *
     * @param gapNanos between two connects of the load; more than 10 ms counts as 10 ms
     * @return median of the time in connect(2) minus the kernel's own rtt of that handshake; empty where loopback cannot be used
     */
    public static OptionalDouble overheadMicros(long gapNanos) {
        long gap = Math.clamp(gapNanos, 0, LONGEST_GAP_NANOS);
        try (NativeSocket listener = NativeSocket.open()) {
            check(listener.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0)));
            check(listener.listen(BACKLOG));
            InetSocketAddress address =
                    listener.localAddress().orElseThrow(() -> new IOException("the listener has no address"));
            for (int i = 0; i < FIRST_CONNECTS; i++) {
                double _ = overheadOfOne(listener, address);
            }
            double[] micros = new double[CONNECTS];
            long due = System.nanoTime();
            for (int i = 0; i < CONNECTS; i++) {
                due += gap;
                LockSupport.parkNanos(due - System.nanoTime());
                micros[i] = overheadOfOne(listener, address);
            }
            Arrays.sort(micros);
            return OptionalDouble.of(micros[CONNECTS / 2]);
        } catch (IOException _) {
            return OptionalDouble.empty();
        }
    }

    private static double overheadOfOne(NativeSocket listener, InetSocketAddress address) throws IOException {
        try (NativeSocket client = NativeSocket.open()) {
            check(client.linger(true, 0));
            long begun = System.nanoTime();
            check(client.connect(address));
            long took = System.nanoTime() - begun;
            double rttMicros =
                    client.tcpInfo().map(TcpInfo::rttMicros).orElseThrow(() -> new IOException("there is no TCP_INFO"));
            try (NativeSocket accepted = listener.accept().socket()) {
                return accepted == null ? 0 : Math.max(0, took / 1e3 - rttMicros);
            }
        }
    }

    private static void check(Errno errno) throws IOException {
        if (errno != Errno.OK) {
            throw new IOException(errno.toString());
        }
    }
}
