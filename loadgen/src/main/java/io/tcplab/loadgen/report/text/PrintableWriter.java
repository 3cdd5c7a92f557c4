package io.tcplab.loadgen.report.text;

import io.tcplab.kernel.Printable;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps a terminal from obeying what a profile, a path or a server says: what is written passes {@link Printable}. Newline and tab stay,
 * and so do colours where {@link Ink} is on.
 */
public final class PrintableWriter extends FilterWriter {

    /** SGR, all that Ink and the help's headings use (ECMA-48 §8.3.117). */
    private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-9;]{0,16}m");

    private final boolean colours;

    public PrintableWriter(Writer out, boolean colours) {
        super(out);
        this.colours = colours;
    }

    private static String of(String text, boolean colours) {
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
            Printable.append(safe, each);
            i += Character.charCount(each);
        }
        return safe.toString();
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
