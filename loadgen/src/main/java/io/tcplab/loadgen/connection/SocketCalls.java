package io.tcplab.loadgen.connection;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * The socket system calls of the hot path, each returning its value or a negative errno; nothing is allocated or thrown.
 *
 * <p>All go through glibc's syscall(2) wrapper, so that a single downcall shape has to be linked at start-up. Calls that cannot
 * block are made "critical": the thread does not leave its Java state, which saves the transition and keeps a safepoint waiting for
 * at most one such call (connect(2) on loopback: some 10 µs). One instance belongs to one thread.
 */
final class SocketCalls {

    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SOL_SOCKET = 1;
    static final int IPPROTO_IP = 0;
    static final int IPPROTO_TCP = 6;
    static final int SO_SNDBUF = 7;
    static final int SO_RCVBUF = 8;
    static final int SO_ERROR = 4;
    static final int SO_KEEPALIVE = 9;
    static final int SO_LINGER = 13;
    static final int TCP_NODELAY = 1;
    static final int TCP_KEEPIDLE = 4;
    static final int TCP_KEEPINTVL = 5;
    static final int TCP_KEEPCNT = 6;
    static final int TCP_INFO = 11;
    static final int TCP_USER_TIMEOUT = 18;
    static final int TCP_FASTOPEN_CONNECT = 30;
    static final int IP_BIND_ADDRESS_NO_PORT = 24;

    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SHUT_WR = 1;
    private static final int MSG_NOSIGNAL = 0x4000;
    /** How much of struct tcp_info is read: up to and with tcpi_rtt and a little more (linux/tcp.h). */
    private static final int TCP_INFO_BYTES = 104;

    private static final int TCP_INFO_RTT = 68;

    private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));
    private static final long SOCKET = X86 ? 41 : 198;
    private static final long CONNECT = X86 ? 42 : 203;
    private static final long SENDTO = X86 ? 44 : 206;
    private static final long RECVFROM = X86 ? 45 : 207;
    private static final long SHUTDOWN = X86 ? 48 : 210;
    private static final long BIND = X86 ? 49 : 200;
    private static final long SETSOCKOPT = X86 ? 54 : 208;
    private static final long GETSOCKOPT = X86 ? 55 : 209;
    private static final long CLOSE = X86 ? 3 : 57;
    private static final long GETTID = X86 ? 186 : 178;
    private static final long PRCTL = X86 ? 157 : 167;
    private static final long CLOCK_GETTIME = X86 ? 228 : 113;
    private static final long PR_SET_TIMERSLACK = 29;

    private static final MethodHandle QUICK = link(Linker.Option.critical(false));
    private static final MethodHandle BLOCKING = link();

    private final MemorySegment errno;
    private final MemorySegment scratch;
    private final MemorySegment length;

    SocketCalls(Arena arena) {
        errno = arena.allocate(Linker.Option.captureStateLayout());
        scratch = arena.allocate(256, 8);
        length = arena.allocate(8, 8);
    }

    private static MethodHandle link(Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
        Linker.Option[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = Linker.Option.captureCallState("errno");
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(word, word, word, word, word, word, word, word),
                all);
    }

    private long quick(long number, long a, long b, long c, long d, long e, long f) {
        try {
            long result = (long) QUICK.invokeExact(errno, number, a, b, c, d, e, f);
            return result >= 0 ? result : -errno.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable t) {
            throw new LinkageError("syscall(2) cannot be called", t);
        }
    }

    private long blocking(long number, long a, long b) {
        try {
            long result = (long) BLOCKING.invokeExact(errno, number, a, b, 0L, 0L, 0L, 0L);
            return result >= 0 ? result : -errno.get(ValueLayout.JAVA_INT, 0);
        } catch (Throwable t) {
            throw new LinkageError("syscall(2) cannot be called", t);
        }
    }

    /** A new non-blocking stream socket. */
    int socket(int family) {
        return (int) quick(SOCKET, family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, 0, 0, 0);
    }

    int setInt(int fd, int level, int option, int value) {
        scratch.set(ValueLayout.JAVA_INT, 0, value);
        return (int) quick(SETSOCKOPT, fd, level, option, scratch.address(), 4, 0);
    }

    int setLinger(int fd, int seconds) {
        scratch.set(ValueLayout.JAVA_INT, 0, 1);
        scratch.set(ValueLayout.JAVA_INT, 4, seconds);
        return (int) quick(SETSOCKOPT, fd, SOL_SOCKET, SO_LINGER, scratch.address(), 8, 0);
    }

    int bind(int fd, MemorySegment address) {
        return (int) quick(BIND, fd, address.address(), address.byteSize(), 0, 0, 0);
    }

    int connect(int fd, MemorySegment address) {
        return (int) quick(CONNECT, fd, address.address(), address.byteSize(), 0, 0, 0);
    }

    /** Pending error of the socket, as a negative errno; 0 = none. */
    int soError(int fd) {
        length.set(ValueLayout.JAVA_INT, 0, 4);
        int result = (int) quick(GETSOCKOPT, fd, SOL_SOCKET, SO_ERROR, scratch.address(), length.address(), 0);
        return result < 0 ? result : -scratch.get(ValueLayout.JAVA_INT, 0);
    }

    /** State of the connection by TCP_INFO (1 = ESTABLISHED, 2 = SYN_SENT …). */
    int tcpState(int fd) {
        length.set(ValueLayout.JAVA_INT, 0, TCP_INFO_BYTES);
        int result = (int) quick(GETSOCKOPT, fd, IPPROTO_TCP, TCP_INFO, scratch.address(), length.address(), 0);
        return result < 0 ? result : scratch.get(ValueLayout.JAVA_BYTE, 0);
    }

    /** The kernel's own round-trip time, tcpi_rtt, as the last {@link #tcpState} read it, in microseconds. */
    int lastRttMicros() {
        return scratch.get(ValueLayout.JAVA_INT, TCP_INFO_RTT);
    }

    int send(int fd, long address, int size) {
        return (int) quick(SENDTO, fd, address, size, MSG_NOSIGNAL, 0, 0);
    }

    int receive(int fd, long address, int capacity) {
        return (int) quick(RECVFROM, fd, address, capacity, 0, 0, 0);
    }

    int shutdownOutput(int fd) {
        return (int) quick(SHUTDOWN, fd, SHUT_WR, 0, 0, 0, 0);
    }

    int close(int fd) {
        return (int) quick(CLOSE, fd, 0, 0, 0, 0, 0);
    }

    /** close(2) of a socket that lingers: it may block. */
    int closeLingering(int fd) {
        return (int) blocking(CLOSE, fd, 0);
    }

    /** Number of the calling thread, as in {@code /proc/self/task}. */
    int threadId() {
        return (int) quick(GETTID, 0, 0, 0, 0, 0, 0);
    }

    /** Lets the calling thread's timed waits end on time instead of up to 50 µs late (prctl(2), PR_SET_TIMERSLACK). */
    void wakeOnTime() {
        quick(PRCTL, PR_SET_TIMERSLACK, 1, 0, 0, 0, 0);
    }

    /** CPU time of the clock (2 = this process, 3 = the calling thread; clock_gettime(2)) in nanoseconds. */
    long cpuNanos(int clock) {
        quick(CLOCK_GETTIME, clock, scratch.address(), 0, 0, 0, 0);
        return scratch.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + scratch.get(ValueLayout.JAVA_LONG, 8);
    }
}
