package io.tcplab.kernel.sockdiag;

import io.tcplab.kernel.ProcFile;
import io.tcplab.kernel.TcpState;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * /proc/net/tcp and tcp6 as a list of sockets: the way out where netlink is refused, a hundred times as dear.
 *
 * <p>It says neither the limit of an accept queue nor drops. Fields by {@code get_tcp4_sock} in {@code
 * net/ipv4/tcp_ipv4.c}: sl, local, remote, state, tx:rx queue, timer:when (in 1/100 s), retransmits, uid, probes, inode.
 */
final class ProcTcp {
    private static final List<Path> FILES =
            List.of(Path.of("/proc/thread-self/net/tcp"), Path.of("/proc/thread-self/net/tcp6"));
    private static final int TICK_MILLIS = 10;

    private ProcTcp() {}

    /** The sockets of the calling thread's namespace that match. */
    static List<SocketReading> read(SocketFilter filter, int stateMask) {
        List<SocketReading> sockets = new ArrayList<>();
        for (Path file : FILES) {
            for (String line : ProcFile.linesIfPresent(file).orElse(List.of())) {
                parse(line)
                        .filter(socket -> (socket.state().mask() & stateMask) != 0)
                        .filter(socket -> filter.matches(
                                socket.local().getPort(), socket.remote().getPort()))
                        .ifPresent(sockets::add);
            }
        }
        return sockets;
    }

    /** One line; empty for the header and for a line that is not whole. */
    static Optional<SocketReading> parse(String line) {
        String[] words = line.strip().split("\\s+");
        if (words.length < 10 || !words[0].endsWith(":")) {
            return Optional.empty();
        }
        try {
            String[] queues = words[4].split(":", 2);
            String[] timer = words[5].split(":", 2);
            return Optional.of(new SocketReading(
                    address(words[1]),
                    address(words[2]),
                    TcpState.of(Integer.parseInt(words[3], 16)),
                    SocketTimer.of(Integer.parseInt(timer[0], 16)),
                    (long) TICK_MILLIS * (int) Long.parseLong(timer[1], 16),
                    (int) Long.parseLong(words[6], 16),
                    Long.parseLong(words[9]),
                    Long.parseLong(queues[1], 16),
                    Long.parseLong(queues[0], 16),
                    Optional.empty()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | UnknownHostException _) {
            return Optional.empty();
        }
    }

    /** {@code 0100007F:1F90}: 32-bit words of the address in the machine's order, then the port. */
    private static InetSocketAddress address(String text) throws UnknownHostException {
        String[] parts = text.split(":", 2);
        byte[] raw = HexFormat.of().parseHex(parts[0]);
        ByteBuffer turned = ByteBuffer.allocate(raw.length).order(ByteOrder.nativeOrder());
        ByteBuffer words = ByteBuffer.wrap(raw);
        while (words.remaining() >= 4) {
            turned.putInt(words.getInt());
        }
        return new InetSocketAddress(InetAddress.getByAddress(turned.array()), Integer.parseInt(parts[1], 16));
    }
}
