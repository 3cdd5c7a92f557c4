package io.tcplab.loadgen.report.html;

import java.util.List;
import java.util.Locale;

/**
 * Ratios with their intervals below each other, on a logarithmic axis around 1, as an SVG: it needs no script, prints, and has a title for
 * each line.
 */
public final class IntervalPlot {

    private static final int LINE = 26;
    private static final int LABEL = 300;
    private static final int WIDTH = 860;
    private static final int RIGHT = 180;
    private static final double LEAST_SPAN = Math.log(1.25);

    /**
     * One ratio.
     *
     * @param low lower end of its interval
     * @param high upper end
     * @param words the ratio and interval as text
     * @param differs whether noise is ruled out
     */
    public record Line(String label, double ratio, double low, double high, String words, boolean differs) {}

    private IntervalPlot() {}

    /** The markup; empty without lines. */
    static String of(List<Line> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        double span = LEAST_SPAN;
        for (Line line : lines) {
            span = Math.max(span, Math.max(Math.abs(Math.log(line.low())), Math.abs(Math.log(line.high()))));
        }
        span *= 1.08;
        int height = LINE * lines.size() + 30;
        StringBuilder svg = new StringBuilder("<svg class=\"intervals\" role=\"img\" viewBox=\"0 0 " + WIDTH + " "
                + height + "\"><title>Ratios with their 95% intervals</title>\n");
        double middle = x(1, span);
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"one\" x1=\"%.1f\" y1=\"0\" x2=\"%.1f\" y2=\"%d\"/>%n",
                middle,
                middle,
                height - 26));
        for (double tick : ticks(span)) {
            if (Math.abs(Math.log(tick)) <= span) {
                svg.append(String.format(
                        Locale.ROOT,
                        "<text class=\"tick\" x=\"%.1f\" y=\"%d\">%s×</text>%n",
                        x(tick, span),
                        height - 8,
                        tick == Math.rint(tick) ? String.valueOf((int) tick) : String.valueOf(tick)));
            }
        }
        for (int i = 0; i < lines.size(); i++) {
            add(svg, lines.get(i), span, LINE * i + LINE / 2);
        }
        return svg.append("</svg>\n").toString();
    }

    /** Few enough that they stand apart. */
    private static double[] ticks(double span) {
        if (span < Math.log(2.5)) {
            return new double[] {0.5, 0.8, 1, 1.25, 2};
        }
        return span < Math.log(15) ? new double[] {0.1, 0.25, 0.5, 1, 2, 4, 10} : new double[] {0.01, 0.1, 1, 10, 100};
    }

    private static void add(StringBuilder svg, Line line, double span, int y) {
        String style = line.differs() ? "differs" : "same";
        svg.append("<g class=\"" + style + "\"><title>")
                .append(HtmlText.escape(line.label() + ": " + line.words()))
                .append("</title>")
                .append(String.format(Locale.ROOT, "<text x=\"%d\" y=\"%d\">", LABEL - 12, y + 4))
                .append(HtmlText.escape(line.label()))
                .append("</text>")
                .append(String.format(
                        Locale.ROOT,
                        "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>"
                                + "<circle cx=\"%.1f\" cy=\"%d\" r=\"4\"/><text x=\"%d\" y=\"%d\">",
                        x(line.low(), span),
                        y,
                        x(line.high(), span),
                        y,
                        x(line.ratio(), span),
                        y,
                        WIDTH - 10,
                        y + 4))
                .append(HtmlText.escape(line.words()))
                .append("</text></g>\n");
    }

    private static double x(double ratio, double span) {
        double share = (Math.log(ratio) / span + 1) / 2;
        return LABEL + Math.clamp(share, 0, 1) * (WIDTH - LABEL - RIGHT);
    }
}
