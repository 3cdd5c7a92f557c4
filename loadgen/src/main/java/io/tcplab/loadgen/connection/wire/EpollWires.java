package io.tcplab.loadgen.connection.wire;

import io.netty.channel.IoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.tcplab.kernel.host.PortRange;
import io.tcplab.kernel.host.Sysctl;
import io.tcplab.kernel.syscall.FastCalls;
import io.tcplab.kernel.syscall.SocketAddresses;
import io.tcplab.kernel.syscall.SocketOptions;
import io.tcplab.loadgen.connection.wire.Wire.Owner;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sockets made by plain system calls and served by an {@link EpollPoller}. Confined to one event loop. */
public final class EpollWires implements Wires {

    private final ClientOptions options;
    private final FastCalls calls = new FastCalls();
    private final MemorySegment target;
    private final MemorySegment[] sources;
    private final int family;
    private final @Nullable MemorySegment congestion;
    private final boolean mayMeetItself;
    private final EpollPoller poller;
    private int nextSource;
    private int failureErrno;
    private String failedCall = "";

    public EpollWires(
            ClientOptions options, InetSocketAddress target, List<InetAddress> sources, ThreadAwareExecutor executor) {
        this.options = options;
        this.family = SocketAddresses.family(target.getAddress());
        // The collector's memory: that of a shared arena would be locked and unlocked at each call.
        Arena arena = Arena.ofAuto();
        this.target = SocketAddresses.encode(arena, target, family);
        this.sources = sources.stream()
                .map(source -> SocketAddresses.encode(arena, new InetSocketAddress(source, 0), family))
                .toArray(MemorySegment[]::new);
        String wanted = options.congestion();
        this.congestion = wanted == null
                ? null
                : arena.allocateFrom(ValueLayout.JAVA_BYTE, wanted.getBytes(StandardCharsets.US_ASCII));
        this.mayMeetItself = mayMeetItself(target);
        this.poller = new EpollPoller(executor, calls);
    }

    @Override
    public @Nullable Wire open(Owner owner) {
        int descriptor = calls.socket(family);
        if (descriptor < 0) {
            return refused("socket", descriptor);
        }
        int result = configure(descriptor);
        if (result == 0 && sources.length > 0) {
            result = bind(descriptor);
        }
        if (result < 0) {
            int ignored = calls.close(descriptor);
            return null;
        }
        return new EpollWire(descriptor, this, owner);
    }

    private int bind(int descriptor) {
        if (options.bindAddressNoPort()) {
            int result = calls.setInt(descriptor, SocketOptions.IPPROTO_IP, SocketOptions.IP_BIND_ADDRESS_NO_PORT, 1);
            if (result < 0) {
                refused("setsockopt(IP_BIND_ADDRESS_NO_PORT)", result);
                return result;
            }
        }
        MemorySegment source = sources[nextSource];
        nextSource = nextSource + 1 == sources.length ? 0 : nextSource + 1;
        int result = calls.bind(descriptor, source);
        if (result < 0) {
            refused("bind", result);
        }
        return result;
    }

    /** Sets what the profile asks for, and makes no call for what it leaves alone. */
    private int configure(int fd) {
        int result = 0;
        if (options.nodelay()) {
            result |= calls.setInt(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_NODELAY, 1);
        }
        if (options.sendBufferBytes() > 0) {
            result |= calls.setInt(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_SNDBUF, options.sendBufferBytes());
        }
        if (options.receiveBufferBytes() > 0) {
            result |= calls.setInt(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_RCVBUF, options.receiveBufferBytes());
        }
        if (options.userTimeoutMillis() > 0) {
            result |= calls.setInt(
                    fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_USER_TIMEOUT, options.userTimeoutMillis());
        }
        if (options.fastOpen()) {
            result |= calls.setInt(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_FASTOPEN_CONNECT, 1);
        }
        MemorySegment algorithm = congestion;
        if (algorithm != null) {
            result |= calls.setOption(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_CONGESTION, algorithm);
        }
        KeepaliveProbe probe = options.keepaliveProbe();
        if (probe != null) {
            result |= calls.setInt(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_KEEPALIVE, 1);
            result |= setIfGiven(fd, SocketOptions.TCP_KEEPIDLE, probe.idleSeconds());
            result |= setIfGiven(fd, SocketOptions.TCP_KEEPINTVL, probe.intervalSeconds());
            result |= setIfGiven(fd, SocketOptions.TCP_KEEPCNT, probe.count());
        }
        if (result < 0) {
            refused("setsockopt", result);
        }
        return result;
    }

    /** What is 0 is left to the sysctls. */
    private int setIfGiven(int fd, int option, int value) {
        return value == 0 ? 0 : calls.setInt(fd, SocketOptions.IPPROTO_TCP, option, value);
    }

    private @Nullable Wire refused(String call, int result) {
        failedCall = call;
        failureErrno = -result;
        return null;
    }

    @Override
    public boolean mayMeetItself() {
        return mayMeetItself;
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

    @Override
    public boolean awaitsReadiness() {
        return poller.awaitsReadiness();
    }

    EpollPoller poller() {
        return poller;
    }

    ExpectedInput expectedInput() {
        return poller.expectedInput();
    }

    FastCalls calls() {
        return calls;
    }

    MemorySegment target() {
        return target;
    }

    @Override
    public int failureErrno() {
        return failureErrno;
    }

    @Override
    public String failedCall() {
        return failedCall;
    }

    @Override
    public IoHandler ioHandler() {
        return poller;
    }

    @Override
    public void enterLoop() {
        calls.wakeOnTime();
    }
}
