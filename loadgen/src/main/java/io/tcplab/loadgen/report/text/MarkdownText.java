package io.tcplab.loadgen.report.text;

import io.tcplab.kernel.Printable;
import java.util.regex.Pattern;

/** Words in a Markdown document. */
public final class MarkdownText {

    /** An underscore within a word is one (GitHub Flavored Markdown, 6.2). */
    private static final Pattern MARKUP = Pattern.compile("[\\\\*`\\[\\]|]|(?<![\\p{L}\\p{N}])_|_(?![\\p{L}\\p{N}])");

    private MarkdownText() {}

    /**
     * The words as one line of text, and no markup, whoever wrote them: no link, image, code or entity, and no cell of its own (CommonMark
     * §2.4).
     */
    public static String of(String words) {
        String text = Printable.line(words).replace("&", "&amp;").replace("<", "&lt;");
        return MARKUP.matcher(text).replaceAll("\\\\$0");
    }
}
