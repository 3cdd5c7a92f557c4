package io.tcplab.loadgen.connection.wire;

import io.tcplab.kernel.host.PortRange;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.syscall.SocketAddresses;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.plan.ClientOptions;
import io.tcplab.loadgen.plan.ClientOptions.KeepaliveProbe;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What each socket of an event loop is given before it connects, laid out once for the kernel: the options that the profile asks for,
 * none for what it leaves alone, and the source addresses in turn.
 */
final class SocketSettings {

    /** A socket option and its value; {@code call} names it in a failure. */
    record Option(int level, int name, MemorySegment value, String call) {}

    /** Where sockets connect to; {@code address} is a struct sockaddr of that family. */
    record Target(MemorySegment address, int family, boolean mayMeetItself) {}

    private static final String SET_OPTION = "setsockopt";

    // The collector's memory: that of a shared arena would be locked and unlocked at each call.
    private final Arena arena = Arena.ofAuto();
    private final Option[] options;
    private final Target[] targets;
    private final MemorySegment[] sources;
    private final boolean takesPortAtBind;
    private int nextSource;

    /** {@code sources} are of the family of all targets. */
    SocketSettings(ClientOptions client, List<InetSocketAddress> targets, List<InetAddress> sources) {
        this.targets = targets.stream().map(this::target).toArray(Target[]::new);
        this.sources = sources.stream()
                .map(source ->
                        SocketAddresses.encode(arena, new InetSocketAddress(source, 0), SocketAddresses.family(source)))
                .toArray(MemorySegment[]::new);
        this.options = options(client, !sources.isEmpty()).toArray(Option[]::new);
        this.takesPortAtBind = !sources.isEmpty() && !client.bindAddressNoPort();
    }

    private Target target(InetSocketAddress target) {
        int family = SocketAddresses.family(target.getAddress());
        return new Target(SocketAddresses.encode(arena, target, family), family, mayMeetItself(target));
    }

    private List<Option> options(ClientOptions client, boolean binds) {
        List<Option> all = new ArrayList<>();
        if (client.nodelay()) {
            all.add(tcp(SocketOptions.TCP_NODELAY, 1));
        }
        if (client.sendBufferBytes() > 0) {
            all.add(socket(SocketOptions.SO_SNDBUF, client.sendBufferBytes()));
        }
        if (client.receiveBufferBytes() > 0) {
            all.add(socket(SocketOptions.SO_RCVBUF, client.receiveBufferBytes()));
        }
        if (client.userTimeoutMillis() > 0) {
            all.add(tcp(SocketOptions.TCP_USER_TIMEOUT, client.userTimeoutMillis()));
        }
        if (client.fastOpen()) {
            all.add(tcp(SocketOptions.TCP_FASTOPEN_CONNECT, 1));
        }
        String congestion = client.congestion();
        if (congestion != null) {
            byte[] algorithm = congestion.getBytes(StandardCharsets.US_ASCII);
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_BYTE, algorithm);
            all.add(new Option(SocketOptions.IPPROTO_TCP, SocketOptions.TCP_CONGESTION, value, SET_OPTION));
        }
        KeepaliveProbe probe = client.keepaliveProbe();
        if (probe != null) {
            all.add(socket(SocketOptions.SO_KEEPALIVE, 1));
            addIfGiven(all, SocketOptions.TCP_KEEPIDLE, probe.idleSeconds());
            addIfGiven(all, SocketOptions.TCP_KEEPINTVL, probe.intervalSeconds());
            addIfGiven(all, SocketOptions.TCP_KEEPCNT, probe.count());
        }
        if (binds && client.bindAddressNoPort()) {
            all.add(new Option(
                    SocketOptions.IPPROTO_IP,
                    SocketOptions.IP_BIND_ADDRESS_NO_PORT,
                    number(1),
                    "setsockopt(IP_BIND_ADDRESS_NO_PORT)"));
        }
        return all;
    }

    /** What is 0 is left to the sysctls. */
    private void addIfGiven(List<Option> all, int name, int value) {
        if (value != 0) {
            all.add(tcp(name, value));
        }
    }

    private Option tcp(int name, int value) {
        return new Option(SocketOptions.IPPROTO_TCP, name, number(value), SET_OPTION);
    }

    private Option socket(int name, int value) {
        return new Option(SocketOptions.SOL_SOCKET, name, number(value), SET_OPTION);
    }

    private MemorySegment number(int value) {
        return arena.allocateFrom(ValueLayout.JAVA_INT, value);
    }

    /** In the order in which they are to be set; not to be changed. */
    Option[] options() {
        return options;
    }

    /** Those of the targets, each once. */
    List<Integer> families() {
        return Arrays.stream(targets).map(Target::family).distinct().toList();
    }

    /** By its number. */
    Target target(int number) {
        return targets[number];
    }

    /** Whether sockets are bound to {@link #nextSource}. */
    boolean binds() {
        return sources.length > 0;
    }

    /** Whether bind(2) gives the socket a port already, which is then nobody else's. */
    boolean takesPortAtBind() {
        return takesPortAtBind;
    }

    /** The source address whose turn it is. */
    MemorySegment nextSource() {
        MemorySegment source = sources[nextSource];
        nextSource = nextSource + 1 == sources.length ? 0 : nextSource + 1;
        return source;
    }

    /** connect(2) gives a client any free port of the range that is not reserved, the target's too where nobody listens there. */
    private static boolean mayMeetItself(InetSocketAddress target) {
        String reserved = Sysctl.read("net.ipv4.ip_local_reserved_ports").orElse("");
        boolean portMayBeOurs = Sysctl.read("net.ipv4.ip_local_port_range")
                .flatMap(PortRange::parse)
                .filter(range -> range.mayPick(target.getPort(), reserved))
                .isPresent();
        return portMayBeOurs && isLocal(target.getAddress());
    }

    private static boolean isLocal(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException _) {
            return true;
        }
    }
}
