package io.tcplab.kernel.syscall;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The system calls of the hot path: those on sockets beside those of a loop. What {@link LoopCalls} says holds for all of them. */
public final class FastCalls extends LoopCalls {

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

    /** Reads a socket's option into {@link #scratch}; returns 0 or a negative errno. */
    private int option(int fd, int level, int name, int room) {
        length.set(ValueLayout.JAVA_INT, 0, room);
        return (int) quick(SyscallNumber.GETSOCKOPT, fd, level, name, scratch.address(), length.address(), 0);
    }

    /** Pending error of the socket, as a negative errno; 0 = none. */
    public int soError(int fd) {
        int result = option(fd, SocketOptions.SOL_SOCKET, SocketOptions.SO_ERROR, 4);
        return result < 0 ? result : -scratch.get(ValueLayout.JAVA_INT, 0);
    }

    /** State of the connection by TCP_INFO (1 = ESTABLISHED, 2 = SYN_SENT …). */
    public int tcpState(int fd) {
        int result = option(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_INFO, TCP_INFO_BYTES);
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
        int result = option(fd, SocketOptions.IPPROTO_TCP, SocketOptions.TCP_INFO, TcpInfo.SIZE);
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

    public int receive(int fd, long address, int capacity) {
        return (int) quick(SyscallNumber.RECVFROM, fd, address, capacity, 0, 0, 0);
    }

    public int shutdownOutput(int fd) {
        return (int) quick(SyscallNumber.SHUTDOWN, fd, SHUT_WR, 0, 0, 0, 0);
    }
}
