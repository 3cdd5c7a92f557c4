package io.tcplab.kernel.syscall;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A TCP socket of the kernel with nothing in between: each call is one system call and its errno is a value.
 *
 * <p>It belongs to the network namespace of the thread that makes it. It starts as a blocking socket: {@code accept},
 * {@code recv}, {@code send} and a lingering {@code close} then hold the calling platform thread; {@link
 * #nonBlocking(boolean)} changes that. Calls may come from several threads, as for a descriptor in C; close it once no
 * other thread is in a call, because the kernel gives its number away again. A second close does nothing.
 */
public final class NativeSocket implements AutoCloseable {
    /** {@code MSG_DONTWAIT} for send and recv. */
    public static final int MSG_DONTWAIT = 0x40;

    /** {@code MSG_NOSIGNAL}; send always sets it. */
    public static final int MSG_NOSIGNAL = 0x4000;

    /** {@code MSG_FASTOPEN} for sendTo. */
    public static final int MSG_FASTOPEN = 0x20000000;

    /** {@code POLLIN} for await. */
    public static final int POLLIN = 1;

    /** {@code POLLOUT} for await. */
    public static final int POLLOUT = 4;

    /** {@code POLLERR}, which await may answer. */
    public static final int POLLERR = 8;

    /** {@code POLLHUP}, which await may answer. */
    public static final int POLLHUP = 16;

    private static final int SOCK_STREAM = 1;
    private static final int IPPROTO_MPTCP = 262;
    private static final int SOL_MPTCP = 284;
    private static final int MPTCP_INFO = 1;

    /** The first fields of struct mptcp_info: six single bytes, then the flags (linux/mptcp.h). */
    private static final int MPTCP_INFO_BYTES = 40;

    private static final int MPTCP_FLAGS_AT = 8;

    /** struct sock_filter and struct sock_fprog (linux/filter.h); BPF_RET | BPF_K, whose constant 0 keeps no byte. */
    private static final int BPF_INSTRUCTION_BYTES = 8;

    private static final int BPF_PROGRAM_BYTES = 16;
    private static final short BPF_RET_CONSTANT = 0x06;
    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;

    private final int fd;
    private final int family;
    private final AtomicBoolean closed = new AtomicBoolean();

    private NativeSocket(int fd, int family) {
        this.fd = fd;
        this.family = family;
    }

    /** Makes a blocking socket in the calling thread's network namespace. Throws IOException with the errno's name. */
    public static NativeSocket open(StandardProtocolFamily family) throws IOException {
        int number = family == StandardProtocolFamily.INET6 ? SocketAddresses.AF_INET6 : SocketAddresses.AF_INET;
        int fd = Syscalls.socket(number, SOCK_STREAM | Syscalls.CLOEXEC, 0);
        if (fd < 0) {
            throw new IOException("socket: " + Errno.ofResult(fd));
        }
        return new NativeSocket(fd, number);
    }

    /** Makes a blocking IPv4 socket, as {@link #open(StandardProtocolFamily)}. */
    public static NativeSocket open() throws IOException {
        return open(StandardProtocolFamily.INET);
    }

    /** Makes a blocking MPTCP socket (RFC 8684), which becomes plain TCP where the peer does not speak it. Throws as {@link #open()}. */
    public static NativeSocket openMultipath(StandardProtocolFamily family) throws IOException {
        int number = family == StandardProtocolFamily.INET6 ? SocketAddresses.AF_INET6 : SocketAddresses.AF_INET;
        int fd = Syscalls.socket(number, SOCK_STREAM | Syscalls.CLOEXEC, IPPROTO_MPTCP);
        if (fd < 0) {
            throw new IOException("socket: " + Errno.ofResult(fd));
        }
        return new NativeSocket(fd, number);
    }

    /** Whether a connected MPTCP socket speaks it with its peer: where it has become plain TCP, MPTCP_INFO is refused (mptcp(7)). */
    public boolean multipath() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(MPTCP_INFO_BYTES, 8);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, MPTCP_INFO_BYTES);
            int result = Syscalls.getsockopt(openFd(), SOL_MPTCP, MPTCP_INFO, value, length);
            boolean fellBack = (value.get(ValueLayout.JAVA_INT, MPTCP_FLAGS_AT) & 1) != 0;
            return result >= 0 && !fellBack;
        }
    }

    /** What a call gave: bytes moved or 0, and its errno; the value means nothing unless the errno is OK. */
    public record Result(long value, Errno errno) {
        static Result of(long result) {
            return new Result(Math.max(0, result), Errno.ofResult(result));
        }

        /** Whether the call succeeded. */
        public boolean ok() {
            return errno.ok();
        }
    }

    /** What accept gave: a socket if and only if the errno is OK. */
    public record Accepted(@Nullable NativeSocket socket, Errno errno) {}

    /** The descriptor's number. */
    public int fd() {
        return fd;
    }

    /** Sets an option whose value is an int. */
    public Errno setOption(int level, int name, int value) {
        try (Arena arena = Arena.ofConfined()) {
            return Errno.ofResult(
                    Syscalls.setsockopt(openFd(), level, name, arena.allocateFrom(ValueLayout.JAVA_INT, value)));
        }
    }

    /** Chooses the congestion control by its name (TCP_CONGESTION, tcp(7)); connections that a listener accepts have the listener's. */
    public Errno congestion(String control) {
        try (Arena arena = Arena.ofConfined()) {
            return Errno.ofResult(Syscalls.setsockopt(
                    openFd(), SocketOptions.IPPROTO_TCP, SocketOptions.TCP_CONGESTION, arena.allocateFrom(control)));
        }
    }

    /** Reads an option whose value is an int. */
    public Result option(int level, int name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(4, 4);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, 4);
            int result = Syscalls.getsockopt(openFd(), level, name, value, length);
            return result < 0 ? Result.of(result) : new Result(value.get(ValueLayout.JAVA_INT, 0), Errno.OK);
        }
    }

    /** Sets SocketOptions.SO_LINGER (socket(7)); {@code linger(true, 0)} makes close abort the connection with RST. */
    public Errno linger(boolean on, int seconds) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocateFrom(ValueLayout.JAVA_INT, on ? 1 : 0, seconds);
            return Errno.ofResult(
                    Syscalls.setsockopt(openFd(), SocketOptions.SOL_SOCKET, SocketOptions.SO_LINGER, value));
        }
    }

    /**
     * Loses every segment that arrives for this socket before TCP sees it, until {@link #hearAgain}: nothing is acknowledged, answered or
     * reset, as if the host were gone. A filter of one instruction, {@code ret #0} (SO_ATTACH_FILTER, socket(7); tcp_filter in
     * net/ipv4/tcp_ipv4.c); it needs no privilege.
     */
    public Errno hearNothing() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment instruction = arena.allocate(BPF_INSTRUCTION_BYTES, 8);
            instruction.set(ValueLayout.JAVA_SHORT, 0, BPF_RET_CONSTANT);
            MemorySegment program = arena.allocate(BPF_PROGRAM_BYTES, 8);
            program.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
            program.set(ValueLayout.ADDRESS, 8, instruction);
            return Errno.ofResult(
                    Syscalls.setsockopt(openFd(), SocketOptions.SOL_SOCKET, SocketOptions.SO_ATTACH_FILTER, program));
        }
    }

    /** Ends {@link #hearNothing}; what was lost stays lost until it is sent again. */
    public Errno hearAgain() {
        return setOption(SocketOptions.SOL_SOCKET, SocketOptions.SO_DETACH_FILTER, 0);
    }

    /** Makes every later call return EAGAIN (connect: EINPROGRESS) instead of waiting. */
    public Errno nonBlocking(boolean on) {
        int flags = Syscalls.fcntl(openFd(), F_GETFL, 0);
        if (flags < 0) {
            return Errno.ofResult(flags);
        }
        int wanted = on ? flags | Syscalls.NONBLOCK : flags & ~Syscalls.NONBLOCK;
        return Errno.ofResult(Syscalls.fcntl(openFd(), F_SETFL, wanted));
    }

    /** bind(2). */
    public Errno bind(InetSocketAddress address) {
        try (Arena arena = Arena.ofConfined()) {
            return Errno.ofResult(Syscalls.bind(openFd(), SocketAddresses.encode(arena, address, family)));
        }
    }

    /** listen(2). */
    public Errno listen(int backlog) {
        return Errno.ofResult(Syscalls.listen(openFd(), backlog));
    }

    /** connect(2), exactly once: a blocking socket waits for the outcome, a non-blocking one answers EINPROGRESS. */
    public Errno connect(InetSocketAddress address) {
        try (Arena arena = Arena.ofConfined()) {
            return Errno.ofResult(Syscalls.connect(openFd(), SocketAddresses.encode(arena, address, family)));
        }
    }

    /**
     * Connects a non-blocking socket and waits at most {@code timeoutMillis} for the outcome; EINPROGRESS when it is
     * still open by then.
     */
    public Errno connect(InetSocketAddress address, int timeoutMillis) {
        Errno errno = connect(address);
        if (errno != Errno.EINPROGRESS) {
            return errno;
        }
        return await(POLLOUT, timeoutMillis).value() == 0 ? Errno.EINPROGRESS : soError();
    }

    /** accept(2); the accepted socket blocks, whatever this one does. */
    public Accepted accept() {
        int accepted = Syscalls.accept(openFd(), Syscalls.CLOEXEC);
        return accepted < 0
                ? new Accepted(null, Errno.ofResult(accepted))
                : new Accepted(new NativeSocket(accepted, family), Errno.OK);
    }

    /** send(2) with MSG_NOSIGNAL and {@code flags}: the bytes that the kernel took. */
    public Result send(byte[] bytes, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            return Result.of(Syscalls.send(openFd(), copy(arena, bytes), flags | MSG_NOSIGNAL));
        }
    }

    /** sendto(2) with MSG_NOSIGNAL and {@code flags}; with MSG_FASTOPEN it connects as well (RFC 7413). */
    public Result sendTo(byte[] bytes, int flags, InetSocketAddress address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment to = SocketAddresses.encode(arena, address, family);
            return Result.of(Syscalls.sendto(openFd(), copy(arena, bytes), flags | MSG_NOSIGNAL, to));
        }
    }

    /** recv(2) into the start of {@code into}: the bytes received, 0 at the end of the stream. */
    public Result recv(byte[] into, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.max(1, into.length)).asSlice(0, into.length);
            long received = Syscalls.recv(openFd(), buffer, flags);
            if (received > 0) {
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, into, 0, (int) Math.min(received, into.length));
            }
            return Result.of(received);
        }
    }

    /** poll(2) for {@code events}: those that came, 0 when {@code timeoutMillis} ran out, -1 waits for ever. */
    public Result await(int events, int timeoutMillis) {
        // poll(2) waits on a descriptor of -1 instead of refusing it.
        return closed.get() ? new Result(0, Errno.EBADF) : Result.of(Syscalls.poll(openFd(), events, timeoutMillis));
    }

    /** Which half {@link #shutdown} ends. */
    public enum Half {
        READ,
        WRITE,
        BOTH
    }

    /** shutdown(2): WRITE sends the FIN. */
    public Errno shutdown(Half how) {
        return Errno.ofResult(Syscalls.shutdown(openFd(), how.ordinal()));
    }

    /** Takes the pending error off the socket (SocketOptions.SO_ERROR, socket(7)): how a non-blocking connect ended. */
    public Errno soError() {
        Result result = option(SocketOptions.SOL_SOCKET, SocketOptions.SO_ERROR);
        return result.ok() ? Errno.of((int) result.value()) : result.errno();
    }

    /** getsockopt(SocketOptions.TCP_INFO), or empty with a closed descriptor. */
    public Optional<TcpInfo> tcpInfo() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(TcpInfo.SIZE, 8);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, TcpInfo.SIZE);
            if (Syscalls.getsockopt(openFd(), SocketOptions.IPPROTO_TCP, SocketOptions.TCP_INFO, value, length) < 0) {
                return Optional.empty();
            }
            ByteBuffer raw =
                    value.asSlice(0, length.get(ValueLayout.JAVA_INT, 0)).asByteBuffer();
            return Optional.of(TcpInfo.decode(raw));
        }
    }

    /** getsockname(2), or empty with a closed descriptor. */
    public Optional<InetSocketAddress> localAddress() {
        return name(true);
    }

    /** getpeername(2), or empty when not connected. */
    public Optional<InetSocketAddress> remoteAddress() {
        return name(false);
    }

    /** close(2), apart from {@link Forks}, and what it said; OK when it was closed already. */
    public Errno closeNow() {
        return closed.compareAndSet(false, true) ? Errno.ofResult(Forks.close(fd)) : Errno.OK;
    }

    @Override
    public void close() {
        Errno _ = closeNow();
    }

    /** The descriptor, or -1, which is EBADF to every call, so that a closed socket never touches the next owner's. */
    private int openFd() {
        return closed.get() ? -1 : fd;
    }

    private Optional<InetSocketAddress> name(boolean local) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(SocketAddresses.MAX_SIZE, 4);
            MemorySegment length = arena.allocateFrom(ValueLayout.JAVA_INT, SocketAddresses.MAX_SIZE);
            int result = local
                    ? Syscalls.getsockname(openFd(), address, length)
                    : Syscalls.getpeername(openFd(), address, length);
            return result < 0 ? Optional.empty() : Optional.of(SocketAddresses.decode(address));
        }
    }

    private static MemorySegment copy(Arena arena, byte[] bytes) {
        MemorySegment segment = arena.allocate(Math.max(1, bytes.length)).asSlice(0, bytes.length);
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return segment;
    }
}
