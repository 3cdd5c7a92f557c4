package io.tcplab.kernel;

/**
 * Text of somebody else made fit for a terminal, a table and a page: what would move a cursor, change a colour or turn the direction of
 * writing is written in letters, such as {@code \}{@code u001b}, which is the same character in JSON (ECMA-48; Unicode's format
 * characters).
 */
public final class Printable {

    private static final int LONGEST = 200;

    private Printable() {}

    /** Whether a terminal might obey the character instead of showing it; newline and tab are obeyed harmlessly. */
    public static boolean isObeyed(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL -> codePoint != '\n' && codePoint != '\t';
            case Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    /** Appends the character, in letters where it {@link #isObeyed}. */
    public static void append(StringBuilder to, int codePoint) {
        if (!isObeyed(codePoint)) {
            to.appendCodePoint(codePoint);
            return;
        }
        for (char unit : Character.toChars(codePoint)) {
            to.append(String.format("\\u%04x", (int) unit));
        }
    }

    /** The text as one line: newline and tab are {@code \n} and {@code \t}. */
    public static String line(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(each -> append(line, each));
        return line.toString().replace("\n", "\\n").replace("\t", "\\t");
    }

    /** As {@link #line}, cut after 200 characters: another host may send as much as it likes. */
    public static String shortLine(String text) {
        String line = line(text.length() > LONGEST ? text.substring(0, LONGEST) : text);
        return line.length() < LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
