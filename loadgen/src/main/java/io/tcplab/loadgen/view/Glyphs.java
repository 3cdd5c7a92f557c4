package io.tcplab.loadgen.view;

import java.nio.charset.Charset;

/** What bars and lines are made of: block elements (U+2581 and following), or ASCII where a terminal's encoding lacks them. */
enum Glyphs {
    BLOCKS(" ▁▂▃▄▅▆▇█", '━', '─', '·'),
    ASCII(" .:-=+*#@", '#', '-', '-');

    private final String levels;
    private final char done;
    private final char open;
    private final char none;

    Glyphs(String levels, char done, char open, char none) {
        this.levels = levels;
        this.done = done;
        this.open = open;
        this.none = none;
    }

    static Glyphs of(Charset encoding) {
        return encoding.newEncoder().canEncode(BLOCKS.levels + BLOCKS.done) ? BLOCKS : ASCII;
    }

    /** From 0 = empty to {@link #steps} = full. */
    char level(int level) {
        return levels.charAt(level);
    }

    int steps() {
        return levels.length() - 1;
    }

    /** A part of a bar that is done. */
    char done() {
        return done;
    }

    /** A part of a bar that is not. */
    char open() {
        return open;
    }

    /** A second without a value. */
    char none() {
        return none;
    }
}
