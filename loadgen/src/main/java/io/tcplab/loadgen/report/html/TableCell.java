package io.tcplab.loadgen.report.html;

import java.util.ArrayList;
import java.util.List;

/** A cell of a table and how it is set. */
public record TableCell(String text, Kind kind) {

    /** How a cell is set. */
    public enum Kind {
        /** A figure, to the right. */
        FIGURE(""),
        /** A sentence, to the left. */
        WORDS("words"),
        GOOD("good"),
        BAD("bad");

        private final String style;

        Kind(String style) {
            this.style = style;
        }

        /** The name of its style in the page's style sheet; empty for the usual one. */
        String style() {
            return style;
        }
    }

    public static TableCell figure(String text) {
        return new TableCell(text, Kind.FIGURE);
    }

    public static TableCell words(String text) {
        return new TableCell(text, Kind.WORDS);
    }

    public static TableCell good(String text) {
        return new TableCell(text, Kind.GOOD);
    }

    public static TableCell bad(String text) {
        return new TableCell(text, Kind.BAD);
    }

    /** The head of a table whose last column has words. */
    static List<TableCell> head(List<String> figures, String words) {
        List<TableCell> head = new ArrayList<>(figures(figures));
        head.add(words(words));
        return head;
    }

    /** A row of figures. */
    public static List<TableCell> figures(List<String> texts) {
        return texts.stream().map(TableCell::figure).toList();
    }
}
