package io.tcplab.companion.protocol;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the side that closes a connection first does. Profiles, the command line and a request's {@link Frame} name the same styles. */
public enum CloseStyle {
    /**
     * {@code close(2)} after the last byte was handed to the kernel: FIN, then the peer's (RFC 9293 §3.6). What the peer has sent that is
     * still unread makes the kernel send RST instead (RFC 1122 §4.2.2.13).
     */
    FIN(1),
    /** SO_LINGER {1,0} and {@code close(2)}: RST, no TIME_WAIT on either side (socket(7)). */
    RST(2),
    /**
     * {@code shutdown(SHUT_WR)}: FIN, then reads until the peer's FIN and only then closes (shutdown(2)). A client sends it right after
     * its last request, and reads the response from a connection that can no longer send.
     */
    HALF_CLOSE(3),
    /** SO_LINGER {1,n} and {@code close(2)}: waits up to n seconds for the peer's acknowledgement of everything (socket(7)). */
    LINGER(4),
    /** Never closed by that side, the peer's FIN is ignored: a leak, on purpose. */
    ABANDON(5);

    private static final CloseStyle[] STYLES = values();

    private final int code;
    private final String word;

    CloseStyle(int code) {
        this.code = code;
        this.word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The byte that stands for this style in a {@link Frame}; 0 stands for none. */
    public int code() {
        return code;
    }

    /** How this style is written, such as {@code half-close}; {@code linger} is followed by its time. */
    public String word() {
        return word;
    }

    /** The style with this code, or null where no style has it. */
    public static @Nullable CloseStyle ofCode(int code) {
        return code > 0 && code <= STYLES.length ? STYLES[code - 1] : null;
    }

    /** The style that is written so, or null where no style is. */
    public static @Nullable CloseStyle ofWord(String word) {
        for (CloseStyle style : STYLES) {
            if (style.word.equals(word)) {
                return style;
            }
        }
        return null;
    }
}
