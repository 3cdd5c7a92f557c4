package io.tcplab.companion;

import io.tcplab.companion.protocol.CloseStyle;
import io.tcplab.companion.protocol.Frame;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the companion does with a connection right after accept(2) when nothing is spoken on it.
 *
 * @param style null waits for the peer to close
 * @param lingerSeconds the SO_LINGER time, only used by {@link CloseStyle#LINGER}
 */
public record CloseOnAccept(@Nullable CloseStyle style, int lingerSeconds) {

    public static final CloseOnAccept NONE = new CloseOnAccept(null, 0);

    private static final Pattern LINGER = Pattern.compile("linger\\s+(\\d{1,3})\\s*s?");

    public CloseOnAccept {
        if (lingerSeconds < 0 || lingerSeconds > Frame.MAX_LINGER_SECONDS) {
            throw new IllegalArgumentException("linger of " + lingerSeconds + " s is not in 0 … 255");
        }
    }

    /**
     * Reads {@code none | fin | rst | half-close | linger N | abandon}.
     *
     * @throws IllegalArgumentException with a sentence that names what is allowed
     */
    public static CloseOnAccept parse(String text) {
        String words = text.strip().toLowerCase(Locale.ROOT);
        if (words.equals("none")) {
            return NONE;
        }
        Matcher linger = LINGER.matcher(words);
        if (linger.matches()) {
            return new CloseOnAccept(CloseStyle.LINGER, Integer.parseInt(linger.group(1)));
        }
        CloseStyle style = CloseStyle.ofWord(words);
        if (style == null || style == CloseStyle.LINGER) {
            throw new IllegalArgumentException("close on accept is \"" + text
                    + "\", allowed are none, fin, rst, half-close, linger SECONDS and abandon");
        }
        return new CloseOnAccept(style, 0);
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        if (style == null) {
            return "none";
        }
        return style == CloseStyle.LINGER ? style.word() + " " + lingerSeconds + "s" : style.word();
    }
}
