package io.tcplab.loadgen.report.text;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps a terminal from obeying what a profile, a path or a server says: control and format characters (ESC, C1, U+202E, …) are written
 * as {@code \}{@code uXXXX}, which is the same character in JSON. Newline and tab stay, and so do colours where {@link Ink} is on.
 */
public final class Printable extends FilterWriter {

    /** SGR, all that Ink and the help's headings use (ECMA-48 §8.3.117). */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]{0,16}m");

    private final boolean colours;

    public Printable(Writer out, boolean colours) {
        super(out);
        this.colours = colours;
    }

    /** The text with every character that a terminal might obey written in letters; one line stays one line. */
    public static String line(String text) {
        return of(text, false).replace("\n", "\\n").replace("\t", "\\t");
    }

    static String of(String text, boolean colours) {
        if (text.codePoints().noneMatch(Printable::isObeyed)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        Matcher colour = COLOUR.matcher(text);
        for (int i = 0; i < text.length(); ) {
            int each = text.codePointAt(i);
            if (colours && each == '\u001b' && colour.region(i, text.length()).lookingAt()) {
                safe.append(colour.group());
                i = colour.end();
                continue;
            }
            if (isObeyed(each)) {
                for (char unit : Character.toChars(each)) {
                    safe.append(String.format("\\u%04x", (int) unit));
                }
            } else {
                safe.appendCodePoint(each);
            }
            i += Character.charCount(each);
        }
        return safe.toString();
    }

    private static boolean isObeyed(int each) {
        return switch (Character.getType(each)) {
            case Character.CONTROL -> each != '\n' && each != '\t';
            case Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE -> true;
            default -> false;
        };
    }

    @Override
    public void write(int character) throws IOException {
        out.write(of(String.valueOf((char) character), colours));
    }

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
        out.write(of(new String(characters, offset, length), colours));
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        out.write(of(text.substring(offset, offset + length), colours));
    }
}
