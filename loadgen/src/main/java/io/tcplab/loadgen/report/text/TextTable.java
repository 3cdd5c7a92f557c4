package io.tcplab.loadgen.report.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of cells in columns: the first column to the left, the others to the right, two spaces between them. */
final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    TextTable row(String... cells) {
        rows.add(Arrays.asList(cells));
        return this;
    }

    /** The lines; the first row, dimmed, is the head. */
    List<String> lines(Ink ink) {
        int[] widths = widths();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(" ");
            for (int i = 0; i < row.size(); i++) {
                String cell = row.get(i);
                String space = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? " " + cell + space : "  " + space + cell);
            }
            String text = line.toString().stripTrailing();
            lines.add(lines.isEmpty() ? ink.dim(text) : text);
        }
        return lines;
    }

    private int[] widths() {
        int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }
}
