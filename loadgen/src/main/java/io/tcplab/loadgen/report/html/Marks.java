package io.tcplab.loadgen.report.html;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.report.text.ActionText;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Timeline;
import io.tcplab.loadgen.result.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** The moments of a run that its plots mark: actions, first losses, and what a warning dates. */
final class Marks {

    private static final int MOST = 20;

    /**
     * A moment.
     *
     * @param second since the recorded part began
     * @param kind {@code action}, {@code warning} or {@code error}
     * @param text what happened then
     */
    record Mark(double second, String kind, String text) {}

    private Marks() {}

    /** The marks of one run, in the order of time. */
    static List<Mark> of(Summary summary, Timeline timeline) {
        List<Mark> marks = new ArrayList<>();
        summary.actions().forEach(action -> marks.add(new Mark(action.at(), "action", ActionText.what(action))));
        for (Verdict.Warning warning : summary.warnings()) {
            Object second = warning.evidence()
                    .getOrDefault("fromSecond", warning.evidence().get("second"));
            if (second instanceof Number number && number.doubleValue() >= 0) {
                marks.add(new Mark(
                        number.doubleValue(),
                        "warning",
                        InWords.plain(number.doubleValue()) + " s: " + warning.code()));
            }
        }
        addFirst(marks, timeline, KernelCounter.LISTEN_OVERFLOWS, "the accept queue overflowed first");
        addFirst(marks, timeline, KernelCounter.SYNCOOKIES_SENT, "the first SYN cookie was sent");
        marks.addAll(errors(summary, Math.max(0, MOST - marks.size())));
        marks.sort(Comparator.comparingDouble(Mark::second));
        return List.copyOf(marks.subList(0, Math.min(MOST, marks.size())));
    }

    /** The first of the first losses: a hundred causes that a server words differently leave room for what was done meanwhile. */
    private static List<Mark> errors(Summary summary, int most) {
        return summary.causes().stream()
                .sorted(Comparator.comparingDouble(Measured.Cause::firstSecond))
                .limit(most)
                .map(cause -> new Mark(
                        cause.firstSecond(),
                        "error",
                        InWords.plain(cause.firstSecond()) + " s: first of " + InWords.count(cause.count()) + " "
                                + cause.cause()))
                .toList();
    }

    /** The first moment at which the server's kernel counted this. */
    private static void addFirst(List<Mark> marks, Timeline timeline, KernelCounter counter, String words) {
        List<OptionalDouble> counted = timeline.series(Side.SERVER, counter.id(), Timeline.Reduce.MAX);
        for (int i = 0; i < counted.size(); i++) {
            if (counted.get(i).orElse(0) > 0) {
                double second = Math.max(0, timeline.moments()[i]);
                marks.add(new Mark(second, "warning", InWords.plain(Summary.thousandths(second)) + " s: " + words));
                return;
            }
        }
    }
}
