package io.tcplab.kernel.syscall;

/** The names of socket options and of their levels (socket(7), ip(7), tcp(7)); the numbers are those of x86_64 and aarch64. */
public final class SocketOptions {
    /** {@code SOL_SOCKET}. */
    public static final int SOL_SOCKET = 1;

    /** {@code IPPROTO_IP}. */
    public static final int IPPROTO_IP = 0;

    /** {@code IPPROTO_TCP}. */
    public static final int IPPROTO_TCP = 6;

    /** {@code SO_REUSEADDR} of SOL_SOCKET (socket(7)). */
    public static final int SO_REUSEADDR = 2;

    /** {@code SO_ERROR} of SOL_SOCKET: the pending error, which reading takes away. */
    public static final int SO_ERROR = 4;

    /** {@code SO_SNDBUF} of SOL_SOCKET. */
    public static final int SO_SNDBUF = 7;

    /** {@code SO_RCVBUF} of SOL_SOCKET. */
    public static final int SO_RCVBUF = 8;

    /** {@code SO_KEEPALIVE} of SOL_SOCKET. */
    public static final int SO_KEEPALIVE = 9;

    /** {@code SO_LINGER} of SOL_SOCKET: two ints, whether and how many seconds. */
    public static final int SO_LINGER = 13;

    /** {@code SO_REUSEPORT} of SOL_SOCKET. */
    public static final int SO_REUSEPORT = 15;

    /** {@code SO_ATTACH_FILTER} of SOL_SOCKET: struct sock_fprog, what arrives is judged by (socket(7)). */
    public static final int SO_ATTACH_FILTER = 26;

    /** {@code SO_DETACH_FILTER} of SOL_SOCKET; its value means nothing. */
    public static final int SO_DETACH_FILTER = 27;

    /** {@code TCP_CONGESTION} of IPPROTO_TCP (tcp(7)): the algorithm's name. */
    public static final int TCP_CONGESTION = 13;

    /** {@code TCP_NODELAY} of IPPROTO_TCP (tcp(7)). */
    public static final int TCP_NODELAY = 1;

    /** {@code TCP_KEEPIDLE} of IPPROTO_TCP, seconds. */
    public static final int TCP_KEEPIDLE = 4;

    /** {@code TCP_KEEPINTVL} of IPPROTO_TCP, seconds. */
    public static final int TCP_KEEPINTVL = 5;

    /** {@code TCP_KEEPCNT} of IPPROTO_TCP. */
    public static final int TCP_KEEPCNT = 6;

    /** {@code TCP_LINGER2} of IPPROTO_TCP, seconds. */
    public static final int TCP_LINGER2 = 8;

    /** {@code TCP_DEFER_ACCEPT} of IPPROTO_TCP, seconds. */
    public static final int TCP_DEFER_ACCEPT = 9;

    /** {@code TCP_INFO} of IPPROTO_TCP: {@link TcpInfo}. */
    public static final int TCP_INFO = 11;

    /** {@code TCP_QUICKACK} of IPPROTO_TCP: acknowledges at once, until the kernel thinks otherwise again. */
    public static final int TCP_QUICKACK = 12;

    /** {@code TCP_USER_TIMEOUT} of IPPROTO_TCP, milliseconds. */
    public static final int TCP_USER_TIMEOUT = 18;

    /** {@code TCP_FASTOPEN} of IPPROTO_TCP, the length of the queue. */
    public static final int TCP_FASTOPEN = 23;

    /** {@code TCP_FASTOPEN_CONNECT} of IPPROTO_TCP: connect(2) waits for the first data, which goes with the SYN. */
    public static final int TCP_FASTOPEN_CONNECT = 30;

    /** {@code IP_BIND_ADDRESS_NO_PORT} of IPPROTO_IP (ip(7)). */
    public static final int IP_BIND_ADDRESS_NO_PORT = 24;

    private SocketOptions() {}
}
