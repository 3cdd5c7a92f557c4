package io.tcplab.kernel;

/**
 * The state of a TCP socket, with the kernel's spelling and number ({@code include/net/tcp_states.h}; RFC 9293 §3.3.2).
 *
 * <p>A FIN_WAIT2 that no process owns any more is kept as a small TIME_WAIT-like record and still called FIN_WAIT2 by
 * sock_diag; the counters TcpExt.TW and the {@code tw} of sockstat count it as TIME_WAIT.
 */
public enum TcpState {
    ESTABLISHED(1),
    SYN_SENT(2),
    /** Half-open: a SYN was answered, the final ACK has not come. What the SYN queue holds. */
    SYN_RECV(3),
    FIN_WAIT1(4),
    FIN_WAIT2(5),
    TIME_WAIT(6),
    CLOSE(7),
    CLOSE_WAIT(8),
    LAST_ACK(9),
    LISTEN(10),
    CLOSING(11),
    /** How kernels since 4.4 keep a half-open connection inside; every interface shows it as {@link #SYN_RECV}. */
    NEW_SYN_RECV(12),
    /** Bound and neither listening nor connected; listed only when asked for, since Linux 6.8. */
    BOUND_INACTIVE(13);

    /** One more than the highest number: the length of an array indexed by {@link #number}. */
    public static final int NUMBERS = 14;

    private static final TcpState[] BY_NUMBER = new TcpState[NUMBERS];

    static {
        for (TcpState state : values()) {
            BY_NUMBER[state.number] = state;
        }
    }

    private final int number;

    TcpState(int number) {
        this.number = number;
    }

    /** The kernel's number, 1 to 13. */
    public int number() {
        return number;
    }

    /** The bit of this state in a mask of states, as sock_diag wants it; SYN_RECV asks for both of its forms. */
    public int mask() {
        return this == SYN_RECV ? 1 << SYN_RECV.number | 1 << NEW_SYN_RECV.number : 1 << number;
    }

    /** The state with this number; NEW_SYN_RECV is given as SYN_RECV, an unknown number as CLOSE. */
    public static TcpState of(int number) {
        if (number == NEW_SYN_RECV.number) {
            return SYN_RECV;
        }
        return number > 0 && number < NUMBERS ? BY_NUMBER[number] : CLOSE;
    }
}
