package io.tcplab.loadgen.view;

/** What a text is, as a colour says it. Figures have the terminal's own colour, so that they can be read on a dark and on a light one. */
enum Tone {
    PLAIN("", ""),
    TITLE("1", "1"),
    HEADING("1;38;5;33", "1;34"),
    FAINT("38;5;245", "2"),
    GOOD("38;5;35", "32"),
    CAREFUL("38;5;172", "33"),
    BAD("1;38;5;161", "1;31"),
    LINE("38;5;37", "36"),
    DELAY("38;5;134", "35");

    private final String of256;
    private final String of8;

    Tone(String of256, String of8) {
        this.of256 = of256;
        this.of8 = of8;
    }

    /** The parameters of its SGR sequence (ECMA-48 §8.3.117); empty = none. */
    String sgr(Palette palette) {
        return switch (palette) {
            case NONE -> "";
            case EIGHT -> of8;
            case MANY -> of256;
        };
    }
}
