package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.micros;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.result.Observed;
import java.util.List;

/** The garbage collector stopped the generator. */
public record GcPauses(long pauses, double maxMillis, double totalMillis) implements RunWarning {

    static final GcPauses EXAMPLE = new GcPauses(3, 32.5, 40);

    private static final double LONG_MILLIS = 20;

    static List<RunWarning> in(Facts facts) {
        Observed.GcPauses pauses = facts.summary().generator().gcPauses();
        return pauses.maxMillis() > LONG_MILLIS
                ? List.of(new GcPauses(pauses.count(), pauses.maxMillis(), pauses.totalMillis()))
                : List.of();
    }

    @Override
    public String when() {
        return "the garbage collector stopped the generator for more than 20 ms at a time";
    }

    @Override
    public String message() {
        return "the generator's garbage collector paused "
                + (pauses == 1 ? "once, " : InWords.count(pauses) + " times, ")
                + micros(maxMillis * 1000) + " at most and " + micros(totalMillis * 1000)
                + " in total: latencies include the pauses";
    }

    @Override
    public String advice() {
        return "give the generator more heap, or use the response metric, which counts from the intended start";
    }
}
