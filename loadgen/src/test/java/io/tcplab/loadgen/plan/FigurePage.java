package io.tcplab.loadgen.plan;

import io.tcplab.kernel.TcpState;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Statistic;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The part of docs/profile-keys.md on the figures that a threshold may limit. */
final class FigurePage {

    private final StringBuilder page = new StringBuilder("""

            ## Figures in thresholds

            A threshold compares one figure with a limit: `connect.p99 < 5ms`. Comparisons are `<`, `<=`, `>`, `>=`, `==` and `!=`.
            `[MEMBER.]` is the name of a member of the mix, or nothing for all of them together; `SIDE` is `client` or `server`.

            | figure | limit | meaning |
            |---|---|---|
            """);

    private FigurePage() {}

    static String section() {
        FigurePage page = new FigurePage();
        for (Metric metric : Metric.values()) {
            page.row("[MEMBER.]" + metric.key() + "." + times(), new Figure.Latency(null, metric, Statistic.P50));
        }
        page.row("[MEMBER.]METRIC.count", FigureUnit.COUNT, "samples of that latency");
        page.row("[MEMBER.]step.NAME." + times(), new Figure.StepLatency(null, "NAME", Statistic.P50));
        FigureNames.all().forEach(page::figure);
        page.row(
                "SIDE.COUNTER",
                FigureUnit.COUNT,
                "what the [counter](counters.md) grew by over the run, 0 where it did not"
                        + " move; by its short name, by the kernel's own word, or"
                        + " by both its names, `TcpExt.TWRecycled`");
        page.page.append(
                "| `targets.HOST:PORT.FIGURE` | that of the figure | one of several targets by its name in the profile, also"
                        + " `targets[HOST:PORT].FIGURE`: a latency, `outcomes`, `errors`, `exchanges`, `server.acceptQueue` |\n");
        return page.page.toString();
    }

    private static String times() {
        return Arrays.stream(Statistic.values())
                .filter(each -> each != Statistic.COUNT)
                .map(Statistic::key)
                .collect(Collectors.joining("\\|"));
    }

    /** What all metrics, all sides or all states have is one row, made from the first of them. */
    private void figure(Figure figure) {
        switch (figure) {
            case Figure.Latency _, Figure.OfTarget _, KernelFigure.Counter _ -> {}
            case Figure.OfMember ofMember -> row("[MEMBER.]" + figure.key(), ofMember);
            case RunFigure _ -> row(figure.key(), figure);
            case KernelFigure kernel -> {
                String key = figure.key();
                if (!key.startsWith("client.")) {
                    return;
                }
                String row = "SIDE" + key.substring(key.indexOf('.'));
                if (!(kernel instanceof KernelFigure.Sockets sockets)) {
                    row(row, figure);
                } else if (sockets.state() == TcpState.CLOSE_WAIT) {
                    row(
                            row.replace("CLOSE_WAIT", "STATE"),
                            figure.unit(),
                            figure.sentence().replace("CLOSE_WAIT", "STATE, by the kernel's name: `CLOSE_WAIT`"));
                }
            }
        }
    }

    private void row(String name, Figure figure) {
        row(name, figure.unit(), figure.sentence());
    }

    private void row(String name, FigureUnit unit, String sentence) {
        page.append("| `")
                .append(name)
                .append("` | ")
                .append(unit.allowed())
                .append(" | ")
                .append(sentence)
                .append(" |\n");
    }
}
