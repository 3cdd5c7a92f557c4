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

    /** Begins a table; its head's columns beginning with {@code ~} hold words and stand to the left. */
    HtmlText beginTable(List<String> columns) {
        html.append("<div class=\"scroll\"><table><thead><tr>");
        for (String column : columns) {
            boolean words = column.startsWith("~");
            html.append(words ? "<th class=\"words\">" : "<th>")
                    .append(escape(words ? column.substring(1) : column))
                    .append("</th>");
        }
        html.append("</tr></thead><tbody>\n");
        return this;
    }

    /** A row of plain cells, the first its head; cells beginning with {@code ~} hold words, with a tick or a cross a verdict. */
    HtmlText row(List<String> cells) {
        html.append("<tr><th scope=\"row\">").append(escape(cells.getFirst())).append("</th>");
        for (String cell : cells.subList(1, cells.size())) {
            html.append("<td")
                    .append(style(cell))
                    .append('>')
                    .append(escape(cell.startsWith("~") ? cell.substring(1) : cell))
                    .append("</td>");
        }
        html.append("</tr>\n");
        return this;
    }

    private static String style(String cell) {
        if (cell.isEmpty()) {
            return "";
        }
        return switch (cell.charAt(0)) {
            case '~' -> " class=\"words\"";
            case '✓' -> " class=\"good\"";
            case '✗' -> " class=\"bad\"";
            default -> "";
        };
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
