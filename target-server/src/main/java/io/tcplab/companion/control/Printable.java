package io.tcplab.companion.control;

/** Makes another host's text fit for a terminal, a table and a page: one line, no control characters, of bounded length. */
public final class Printable {

    private static final int LONGEST = 200;

    private Printable() {}

    /**
     * Writes what would move a cursor, change a colour or turn the direction of writing as {@code \\uXXXX} (ECMA-48, Unicode's bidirectional
     * controls), and cuts the text after 200 characters.
     */
    public static String of(String text) {
        StringBuilder printable = new StringBuilder();
        for (int i = 0; i < text.length() && printable.length() < LONGEST; i++) {
            char c = text.charAt(i);
            if (isPlain(c)) {
                printable.append(c);
            } else {
                printable.append(String.format("\\u%04x", (int) c));
            }
        }
        return printable.length() < LONGEST
                ? printable.toString()
                : printable.append('…').toString();
    }

    private static boolean isPlain(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
