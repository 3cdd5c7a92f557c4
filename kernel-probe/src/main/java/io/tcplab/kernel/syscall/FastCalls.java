package io.tcplab.kernel.syscall;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The socket system calls of the hot path, each returning its value or a negative errno; nothing is allocated or thrown.
 *
 * <p>All go through glibc's syscall(2) wrapper, so that a single downcall shape has to be linked at start-up. Calls that cannot
 * block are made "critical": the thread does not leave its Java state, which saves the transition and keeps a safepoint waiting for
 * at most one such call (connect(2) on loopback: some 10 µs). One instance belongs to one thread.
 */
public final class FastCalls {

    private static final int SOCK_STREAM = 1;
    private static final int SOCK_NONBLOCK = 0x800;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SHUT_WR = 1;
    private static final int MSG_PEEK = 2;
    private static final int MSG_NOSIGNAL = 0x4000;
    /** How much of struct tcp_info is read: up to and with tcpi_rtt and a little more (linux/tcp.h). */
    private static final int TCP_INFO_BYTES = 104;

    private static final int TCP_INFO_RTT = 68;

    /** Where the peer's address lies beside the own. */
    private static final int PEER = 64;

    private static final short POLLOUT = 0x004;
    private static final short POLLERR = 0x008;
    private static final short POLLHUP = 0x010;

    /** poll(2), which aarch64 does not have. */
    private static final long X86_POLL = 7;

    private static final long PR_SET_TIMERSLACK = 29;

    private static final int SCHED_ATTR_BYTES = 48;
    private static final int SCHED_ATTR_RUNTIME = 24;
    private static final int SCHED_ATTR_POLICY = 4;
    private static final int SCHED_ATTR_PRIORITY = 20;
    private static final int SCHED_FIFO = 1;
    private static final long SLICE_NANOS = 200_000;

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;
    private static final int EPOLL_CTL_ADD = 1;
    private static final int EPOLL_CTL_DEL = 2;
    private static final int EPOLL_CTL_MOD = 3;

    private static final long NO_SUCH_CALL = -Errno.ENOSYS.number();

    /** struct epoll_event is packed on x86_64 alone (linux/eventpoll.h). */
    public static final int EPOLL_EVENT_BYTES = SyscallNumber.X86 ? 12 : 16;

    private static final int EPOLL_EVENT_DATA = SyscallNumber.X86 ? 4 : 8;

    private final MemorySegment errno;
    private final MemorySegment scratch;
    private final MemorySegment length;
    private boolean coarseWait;

    /** Its memory is the collector's: that of a shared arena would be locked and unlocked at each call. */
    public FastCalls() {
        Arena arena = Arena.ofAuto();
        errno = Downcall.newState();
        scratch = arena.allocate(256, 8);
        length = arena.allocate(8, 8);
    }

    private long quick(long number, long a, long b, long c, long d, long e, long f) {
        return Downcall.quick(errno, number, a, b, c, d, e, f);
    }

    /** A new non-blocking stream socket. */
    public int socket(int family) {
        return (int) quick(SyscallNumber.SOCKET, family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, 0, 0, 0);
    }

    public int setLinger(int fd, int seconds) {
        scratch.set(ValueLayout.JAVA_INT, 0, 1);
        scratch.set(ValueLayout.JAVA_INT, 4, seconds);
        return (int) quick(
                SyscallNumber.SETSOCKOPT,
                fd,
                SocketOptions.SOL_SOCKET,
                SocketOptions.SO_LINGER,
                scratch.address(),
                8,
                0);
    }

    public int bind(int fd, MemorySegment address) {
        return (int) quick(SyscallNumber.BIND, fd, address.address(), address.byteSize(), 0, 0, 0);
    }

    public int connect(int fd, MemorySegment address) {
        return (int) quick(SyscallNumber.CONNECT, fd, address.address(), address.byteSize(), 0, 0, 0);
    }

    /** Pending error of the socket, as a negative errno; 0 = none. */
    public int soError(int fd) {
        length.set(ValueLayout.JAVA_INT, 0, 4);
        int result = (int) quick(
                SyscallNumber.GETSOCKOPT,
                fd,
                SocketOptions.SOL_SOCKET,
                SocketOptions.SO_ERROR,
                scratch.address(),
                length.address(),
                0);
        return result < 0 ? result : -scratch.get(ValueLayout.JAVA_INT, 0);
    }

    /** State of the connection by TCP_INFO (1 = ESTABLISHED, 2 = SYN_SENT …). */
    public int tcpState(int fd) {
        length.set(ValueLayout.JAVA_INT, 0, TCP_INFO_BYTES);
        int result = (int) quick(
                SyscallNumber.GETSOCKOPT,
                fd,
                SocketOptions.IPPROTO_TCP,
                SocketOptions.TCP_INFO,
                scratch.address(),
                length.address(),
                0);
        return result < 0 ? result : scratch.get(ValueLayout.JAVA_BYTE, 0);
    }

    /**
     * Whether something could be sent, so the handshake is over, and no error is pending (poll(2), without waiting). TCP_INFO tells
     * the same but costs twice as much: it takes the socket's lock and fills 240 bytes (tcp_poll and tcp_get_info, net/ipv4/tcp.c).
     */
    public boolean writable(int fd) {
        scratch.set(ValueLayout.JAVA_INT, 0, fd);
        scratch.set(ValueLayout.JAVA_INT, 4, POLLOUT);
        long ready;
        if (SyscallNumber.X86) {
            ready = quick(X86_POLL, scratch.address(), 1, 0, 0, 0, 0);
        } else {
            scratch.set(ValueLayout.JAVA_LONG, 8, 0);
            scratch.set(ValueLayout.JAVA_LONG, 16, 0);
            ready = quick(SyscallNumber.PPOLL, scratch.address(), 1, scratch.address() + 8, 0, 8, 0);
        }
        return ready == 1 && (scratch.get(ValueLayout.JAVA_SHORT, 6) & (POLLOUT | POLLERR | POLLHUP)) == POLLOUT;
    }

    /** The kernel's own round-trip time, tcpi_rtt, in microseconds; negative errno where it cannot be had. */
    public int rttMicros(int fd) {
        int state = tcpState(fd);
        return state < 0 ? state : scratch.get(ValueLayout.JAVA_INT, TCP_INFO_RTT);
    }

    /**
     * Reads TCP_INFO for {@link #infoByte}, {@link #infoInt} and {@link #infoLong}, which hold until the next call of this object;
     * returns how many bytes this kernel gave, or a negative errno.
     */
    public int readTcpInfo(int fd) {
        length.set(ValueLayout.JAVA_INT, 0, TcpInfo.SIZE);
        int result = (int) quick(
                SyscallNumber.GETSOCKOPT,
                fd,
                SocketOptions.IPPROTO_TCP,
                SocketOptions.TCP_INFO,
                scratch.address(),
                length.address(),
                0);
        return result < 0 ? result : length.get(ValueLayout.JAVA_INT, 0);
    }

    /** A field of one byte of what {@link #readTcpInfo} read, by its offset in struct tcp_info (linux/tcp.h). */
    public int infoByte(int offset) {
        return scratch.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    /** As {@link #infoByte}, of four bytes. */
    public long infoInt(int offset) {
        return scratch.get(ValueLayout.JAVA_INT, offset) & 0xffff_ffffL;
    }

    /** As {@link #infoByte}, of eight bytes. */
    public long infoLong(int offset) {
        return scratch.get(ValueLayout.JAVA_LONG, offset);
    }

    /** The socket's own address (getsockname(2)); empty where the call fails. */
    public Optional<InetSocketAddress> ownAddress(int fd) {
        length.set(ValueLayout.JAVA_INT, 0, SocketAddresses.MAX_SIZE);
        return quick(SyscallNumber.GETSOCKNAME, fd, scratch.address(), length.address(), 0, 0, 0) < 0
                ? Optional.empty()
                : Optional.of(SocketAddresses.decode(scratch));
    }

    /** setsockopt(2) with a value of any length. */
    public int setOption(int fd, int level, int name, MemorySegment value) {
        return (int) quick(SyscallNumber.SETSOCKOPT, fd, level, name, value.address(), value.byteSize(), 0);
    }

    /** Whether the socket's own address and its peer's are the same (getsockname(2), getpeername(2)). */
    public boolean isItsOwnPeer(int fd) {
        length.set(ValueLayout.JAVA_INT, 0, SocketAddresses.MAX_SIZE);
        if (quick(SyscallNumber.GETSOCKNAME, fd, scratch.address(), length.address(), 0, 0, 0) < 0) {
            return false;
        }
        int bytes = length.get(ValueLayout.JAVA_INT, 0);
        length.set(ValueLayout.JAVA_INT, 0, SocketAddresses.MAX_SIZE);
        return quick(SyscallNumber.GETPEERNAME, fd, scratch.address() + PEER, length.address(), 0, 0, 0) == 0
                && MemorySegment.mismatch(scratch, 0, bytes, scratch, PEER, PEER + bytes) < 0;
    }

    /** What a recv(2) would give, without taking it: 1 = a byte at least, 0 = the peer's FIN, or a negative errno. */
    public int peek(int fd) {
        return (int) quick(SyscallNumber.RECVFROM, fd, scratch.address(), 1, MSG_PEEK, 0, 0);
    }

    public int send(int fd, long address, int size) {
        return (int) quick(SyscallNumber.SENDTO, fd, address, size, MSG_NOSIGNAL, 0, 0);
    }

    /** sendmmsg(2) of {@code count} struct mmsghdr at {@code address}, without waiting: how many were sent, or a negative errno. */
    public int sendMany(int fd, long address, int count) {
        return (int) Downcall.any(errno, SyscallNumber.SENDMMSG, fd, address, count, NativeSocket.MSG_DONTWAIT, 0, 0);
    }

    /** Reads an eventfd(2) empty. */
    public void drain(int eventFd) {
        quick(SyscallNumber.READ, eventFd, scratch.address(), 8, 0, 0, 0);
    }

    public int receive(int fd, long address, int capacity) {
        return (int) quick(SyscallNumber.RECVFROM, fd, address, capacity, 0, 0, 0);
    }

    public int shutdownOutput(int fd) {
        return (int) quick(SyscallNumber.SHUTDOWN, fd, SHUT_WR, 0, 0, 0, 0);
    }

    public int close(int fd) {
        return (int) quick(SyscallNumber.CLOSE, fd, 0, 0, 0, 0, 0);
    }

    /**
     * Lets the calling thread's timed waits end on time: without 50 µs of timer slack (prctl(2), PR_SET_TIMERSLACK), and, where the
     * core is shared, ahead of a thread that has a longer slice than this one (sched_setattr(2): since Linux 6.12 sched_runtime is
     * the slice of an ordinary thread; before, it is ignored).
     */
    public void wakeOnTime() {
        quick(SyscallNumber.PRCTL, PR_SET_TIMERSLACK, 1, 0, 0, 0, 0);
        if (quick(SyscallNumber.SCHED_GETATTR, 0, scratch.address(), SCHED_ATTR_BYTES, 0, 0, 0) == 0) {
            scratch.set(ValueLayout.JAVA_LONG, SCHED_ATTR_RUNTIME, SLICE_NANOS);
            quick(SyscallNumber.SCHED_SETATTR, 0, scratch.address(), 0, 0, 0, 0);
        }
    }

    /**
     * Lets the calling thread run ahead of every ordinary one (SCHED_FIFO at its least priority, sched(7)); returns a negative errno where
     * that is refused, as without CAP_SYS_NICE. It must sleep whenever it can.
     */
    public int runAhead() {
        scratch.asSlice(0, SCHED_ATTR_BYTES).fill((byte) 0);
        scratch.set(ValueLayout.JAVA_INT, 0, SCHED_ATTR_BYTES);
        scratch.set(ValueLayout.JAVA_INT, SCHED_ATTR_POLICY, SCHED_FIFO);
        scratch.set(ValueLayout.JAVA_INT, SCHED_ATTR_PRIORITY, 1);
        return (int) quick(SyscallNumber.SCHED_SETATTR, 0, scratch.address(), 0, 0, 0, 0);
    }

    /** CPU time of the clock (2 = this process, 3 = the calling thread; clock_gettime(2)) in nanoseconds. */
    public long cpuNanos(int clock) {
        quick(SyscallNumber.CLOCK_GETTIME, clock, scratch.address(), 0, 0, 0, 0);
        return scratch.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L + scratch.get(ValueLayout.JAVA_LONG, 8);
    }

    public int epollCreate() {
        return (int) quick(SyscallNumber.EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0, 0, 0, 0);
    }

    public int eventFd() {
        return (int) quick(SyscallNumber.EVENTFD2, 0, EFD_CLOEXEC_NONBLOCK, 0, 0, 0, 0);
    }

    /** Adds one to an eventfd(2). */
    public void signal(int eventFd) {
        scratch.set(ValueLayout.JAVA_LONG, 0, 1);
        quick(SyscallNumber.WRITE, eventFd, scratch.address(), 8, 0, 0, 0);
    }

    public int epollAdd(int epoll, int fd, int interest) {
        return epollControl(epoll, EPOLL_CTL_ADD, fd, interest);
    }

    public int epollModify(int epoll, int fd, int interest) {
        return epollControl(epoll, EPOLL_CTL_MOD, fd, interest);
    }

    public int epollDelete(int epoll, int fd) {
        return epollControl(epoll, EPOLL_CTL_DEL, fd, 0);
    }

    private int epollControl(int epoll, int operation, int fd, int interest) {
        scratch.set(ValueLayout.JAVA_INT, 0, interest);
        scratch.set(ValueLayout.JAVA_INT, EPOLL_EVENT_DATA, fd);
        return (int) quick(SyscallNumber.EPOLL_CTL, epoll, operation, fd, scratch.address(), 0, 0);
    }

    /** Takes what is ready, at most {@code capacity} events, without waiting. */
    public int epollLook(int epoll, MemorySegment events, int capacity) {
        return (int) quick(SyscallNumber.EPOLL_PWAIT, epoll, events.address(), capacity, 0, 0, 8);
    }

    /** Waits at most {@code nanos} for something to be ready; before Linux 5.11, which has no epoll_pwait2(2), whole milliseconds. */
    public int epollWait(int epoll, MemorySegment events, int capacity, long nanos) {
        if (!coarseWait) {
            scratch.set(ValueLayout.JAVA_LONG, 0, nanos / 1_000_000_000L);
            scratch.set(ValueLayout.JAVA_LONG, 8, nanos % 1_000_000_000L);
            long result = Downcall.any(
                    errno, SyscallNumber.EPOLL_PWAIT2, epoll, events.address(), capacity, scratch.address(), 0, 8);
            if (result != NO_SUCH_CALL) {
                return (int) result;
            }
            coarseWait = true;
        }
        return (int) Downcall.any(
                errno,
                SyscallNumber.EPOLL_PWAIT,
                epoll,
                events.address(),
                capacity,
                (nanos + 999_999) / 1_000_000,
                0,
                8);
    }

    /** The descriptor of event number {@code i}. */
    public int eventDescriptor(MemorySegment events, int i) {
        return events.get(ValueLayout.JAVA_INT, (long) i * EPOLL_EVENT_BYTES + EPOLL_EVENT_DATA);
    }

    /** The bits of event number {@code i}. */
    public int eventBits(MemorySegment events, int i) {
        return events.get(ValueLayout.JAVA_INT, (long) i * EPOLL_EVENT_BYTES);
    }
}
