package io.tcplab.companion;

import io.tcplab.companion.protocol.CloseWish;
import io.tcplab.companion.protocol.Frame;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the companion does with a connection right after accept(2) when nothing is spoken on it.
 *
 * @param how {@link CloseWish#KEEP_OPEN} waits for the peer to close
 * @param lingerSeconds the SO_LINGER time, only used by {@link CloseWish#LINGER}
 */
public record CloseOnAccept(CloseWish how, int lingerSeconds) {

    public static final CloseOnAccept NONE = new CloseOnAccept(CloseWish.KEEP_OPEN, 0);

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
        String word = text.strip().toLowerCase(Locale.ROOT);
        Matcher linger = LINGER.matcher(word);
        if (linger.matches()) {
            return new CloseOnAccept(CloseWish.LINGER, Integer.parseInt(linger.group(1)));
        }
        return switch (word) {
            case "none" -> NONE;
            case "fin" -> new CloseOnAccept(CloseWish.FIN, 0);
            case "rst" -> new CloseOnAccept(CloseWish.RST, 0);
            case "half-close" -> new CloseOnAccept(CloseWish.HALF_CLOSE, 0);
            case "abandon" -> new CloseOnAccept(CloseWish.ABANDON, 0);
            default ->
                throw new IllegalArgumentException("close on accept is \"" + text
                        + "\", allowed are none, fin, rst, half-close, linger SECONDS and abandon");
        };
    }

    /** The form that {@link #parse} reads. */
    @Override
    public String toString() {
        return switch (how) {
            case KEEP_OPEN -> "none";
            case FIN -> "fin";
            case RST -> "rst";
            case HALF_CLOSE -> "half-close";
            case LINGER -> "linger " + lingerSeconds + "s";
            case ABANDON -> "abandon";
        };
    }
}
