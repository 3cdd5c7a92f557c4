package io.tcplab.companion.protocol;

import org.jspecify.annotations.Nullable;

/** What a request asks the companion to do with the connection after the response. */
public enum CloseWish {
    /** Nothing: the connection serves the next request. */
    KEEP_OPEN(0),
    /**
     * {@code close(2)} after the last response byte was handed to the kernel: FIN (RFC 9293 §3.6). What the peer has sent behind the
     * request is unread then, and makes the kernel send RST instead (RFC 1122 §4.2.2.13).
     */
    FIN(1),
    /** SO_LINGER {1,0} and {@code close(2)}: RST, no TIME_WAIT on either side (socket(7)). */
    RST(2),
    /** {@code shutdown(SHUT_WR)}: FIN, then reads until the peer's FIN and only then closes (shutdown(2)). */
    HALF_CLOSE(3),
    /** SO_LINGER {1,n} and {@code close(2)}: waits up to n seconds for the peer's acknowledgement (socket(7)). */
    LINGER(4),
    /** Never closed, the peer's FIN is ignored: a leak, on purpose. */
    ABANDON(5);

    private static final CloseWish[] BY_CODE = values();

    private final int code;

    CloseWish(int code) {
        this.code = code;
    }

    /** The byte that stands for this wish in a {@link Frame}. */
    public int code() {
        return code;
    }

    /** The wish with this code, or null where no wish has it. */
    public static @Nullable CloseWish ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
