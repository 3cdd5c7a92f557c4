package io.tcplab.loadgen.report.html;

import java.util.List;

/** Puts HTML together; whatever comes from a file or a user goes through {@link #escape}. */
final class HtmlText {

    private final StringBuilder html = new StringBuilder();

    /** Safe as text and inside a quoted attribute. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Appends markup of our own. */
    HtmlText raw(String markup) {
        html.append(markup);
        return this;
    }

    /** Appends {@code <name class="style">text</name>} and a newline. */
    HtmlText element(String name, String style, String text) {
        html.append('<').append(name);
        if (!style.isEmpty()) {
            html.append(" class=\"").append(style).append('"');
        }
        html.append('>').append(escape(text)).append("</").append(name).append(">\n");
        return this;
    }

    /** Begins a table of figures. */
    HtmlText beginTable(String... columns) {
        return beginTable(TableCell.figures(List.of(columns)));
    }

    /** Begins a table; words in its head stand above words. */
    HtmlText beginTable(List<TableCell> columns) {
        html.append("<div class=\"scroll\" tabindex=\"0\"><table")
                .append(endsInWords(columns) ? " class=\"below\"" : "")
                .append("><thead><tr>");
        columns.forEach(column -> cell("th", column));
        html.append("</tr></thead><tbody>\n");
        return this;
    }

    /** Whether words are in the last column alone, so that a narrow screen may have them below the others. */
    private static boolean endsInWords(List<TableCell> columns) {
        return columns.getLast().kind() == TableCell.Kind.WORDS
                && columns.stream()
                                .filter(each -> each.kind() == TableCell.Kind.WORDS)
                                .count()
                        == 1;
    }

    /** A row of figures, the first its head. */
    HtmlText row(String... cells) {
        return row(TableCell.figures(List.of(cells)));
    }

    /** A row, the first cell its head. */
    HtmlText row(List<TableCell> cells) {
        html.append("<tr><th scope=\"row\"")
                .append(style(cells.getFirst()))
                .append('>')
                .append(escape(cells.getFirst().text()))
                .append("</th>");
        cells.stream().skip(1).forEach(each -> cell("td", each));
        html.append("</tr>\n");
        return this;
    }

    private void cell(String name, TableCell cell) {
        html.append('<').append(name).append(style(cell)).append('>').append(escape(cell.text()));
        html.append("</").append(name).append('>');
    }

    private static String style(TableCell cell) {
        String style = cell.kind().style();
        return style.isEmpty() ? "" : " class=\"" + style + "\"";
    }

    HtmlText endTable() {
        html.append("</tbody></table></div>\n");
        return this;
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
