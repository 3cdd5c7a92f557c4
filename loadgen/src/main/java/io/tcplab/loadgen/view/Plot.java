package io.tcplab.loadgen.view;

import java.util.List;

/** Draws a series: one column a second, from zero to its largest value, growing from the left until it fills its room. */
final class Plot {

    private Plot() {}

    /** In one line. */
    static void line(Row row, Series series, int columns, Tone tone, Glyphs glyphs) {
        int shown = Math.min(columns, series.size());
        double max = series.max(shown);
        row.begin(tone);
        for (int ago = shown - 1; ago >= 0; ago--) {
            row.put(level(series.ago(ago), max, 0, 1, glyphs));
        }
        row.end();
    }

    /**
     * In several lines, with the largest value and zero at the left, and a mark below each second in which something happened.
     *
     * @param tall how many lines, the marks' not counted
     * @param marked the seconds, counted from the newest = 0
     */
    static void tall(
            List<String> lines, Canvas canvas, Series series, int tall, Tone tone, String top, List<Integer> marked) {
        int left = 12;
        int columns = Math.max(0, canvas.width() - left - 1);
        int shown = Math.min(columns, series.size());
        double max = series.max(shown);
        for (int line = tall - 1; line >= 0; line--) {
            Row row = canvas.row();
            String label = line == tall - 1 ? top : line == 0 ? "0" : "";
            row.right(left - 2, Tone.FAINT, label).to(left).begin(tone);
            for (int ago = shown - 1; ago >= 0; ago--) {
                row.put(level(series.ago(ago), max, line, tall, canvas.glyphs()));
            }
            lines.add(row.end().finish());
        }
        Row marks = canvas.row().to(left).begin(Tone.CAREFUL);
        for (int ago = shown - 1; ago >= 0; ago--) {
            marks.put(marked.contains(ago) ? '^' : ' ');
        }
        lines.add(marks.end().finish());
    }

    /** The part of a column that lies in one of {@code tall} lines; a value above zero is never drawn as nothing. */
    private static char level(double value, double max, int line, int tall, Glyphs glyphs) {
        if (Double.isNaN(value)) {
            return line == 0 ? glyphs.none() : ' ';
        }
        if (value <= 0 || max <= 0) {
            return ' ';
        }
        int steps = (int) Math.max(1, Math.round(value / max * tall * glyphs.steps()));
        return glyphs.level(Math.clamp(steps - (long) line * glyphs.steps(), 0, glyphs.steps()));
    }
}
