package io.tcplab.loadgen.view;

import io.tcplab.kernel.Printable;
import org.jline.utils.WCWidth;

/** One line of a frame, put together from left to right: never wider than the frame, and filled up to its width at the end. */
final class Row {

    private final StringBuilder line;
    private final int width;
    private final Palette palette;
    private int used;

    Row(int width, Palette palette) {
        this.width = width;
        this.palette = palette;
        this.line = new StringBuilder(width * 2);
    }

    /** Appends a text, cut where the line ends; what a terminal would obey is written in letters. */
    Row put(Tone tone, String text) {
        return put(tone, text, width - used);
    }

    /** As above, in at most {@code most} columns; what is left out ends with an ellipsis. */
    Row put(Tone tone, String text, int most) {
        int room = Math.min(most, width - used);
        if (room <= 0 || text.isEmpty()) {
            return this;
        }
        String shown = Printable.line(text);
        String sgr = tone.sgr(palette);
        if (!sgr.isEmpty()) {
            line.append("\u001b[").append(sgr).append('m');
        }
        append(shown, columns(shown) <= room ? room : room - 1, columns(shown) > room);
        if (!sgr.isEmpty()) {
            line.append("\u001b[0m");
        }
        return this;
    }

    private void append(String text, int room, boolean cut) {
        int left = room;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            int columns = Math.max(0, WCWidth.wcwidth(codePoint));
            if (columns > left) {
                break;
            }
            line.appendCodePoint(codePoint);
            left -= columns;
            used += columns;
        }
        if (cut) {
            line.append('…');
            used++;
        }
    }

    /** Appends one character; its width is 1. */
    Row put(char one) {
        if (used < width) {
            line.append(one);
            used++;
        }
        return this;
    }

    /** Begins a colour for {@link #put(char)}. */
    Row begin(Tone tone) {
        String sgr = tone.sgr(palette);
        if (!sgr.isEmpty()) {
            line.append("\u001b[").append(sgr).append('m');
        }
        return this;
    }

    /** Ends a colour. */
    Row end() {
        if (palette != Palette.NONE) {
            line.append("\u001b[0m");
        }
        return this;
    }

    /** Fills with spaces up to a column. */
    Row to(int column) {
        while (used < Math.min(column, width)) {
            line.append(' ');
            used++;
        }
        return this;
    }

    /**
     * Appends a text that ends before a column; where it does not fit, after a space. It is left out where the line has no room for all of
     * it: a figure that is cut is another figure.
     */
    Row right(int column, Tone tone, String text) {
        int columns = columns(text);
        int begin = column - columns > used ? column - columns : used + 1;
        return text.isEmpty() || begin + columns > width ? this : to(begin).put(tone, text);
    }

    /** The line. */
    String finish() {
        return to(width).line.toString();
    }

    /** How many columns a text takes. */
    static int columns(String text) {
        int columns = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            columns += Math.max(0, WCWidth.wcwidth(text.codePointAt(i)));
        }
        return columns;
    }
}
