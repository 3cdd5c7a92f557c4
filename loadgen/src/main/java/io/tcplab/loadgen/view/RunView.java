package io.tcplab.loadgen.view;

import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.watch.TimelineRow;
import java.util.List;
import java.util.function.Supplier;

/** Takes in what one run reads. Each method may be called from any thread, and returns soon. */
public interface RunView {

    /** Takes nothing in. */
    RunView UNSEEN = new RunView() {};

    /** When the recorded part begins or began, a {@link System#nanoTime} value. */
    default void recordsFrom(long nanos) {}

    /** A second's reading of the load; its histograms are read during the call alone. */
    default void reading(IntervalReading reading) {}

    /** What the kernel of a side showed. */
    default void row(TimelineRow row) {}

    /**
     * How what was seen so far is judged; asked for once a second, from the view's own thread.
     *
     * @param oneNamespace whether both sides share a network namespace, whose counters are then both's
     */
    default void judgedBy(boolean oneNamespace, Supplier<List<RunWarning>> soFar) {}

    /** What somebody else has judged of what was seen so far, in another process for instance. */
    default void warned(List<Warned> soFar) {}
}
