package io.tcplab.loadgen.judge.warning;

import static io.tcplab.loadgen.record.InWords.micros;

import io.tcplab.loadgen.watch.ClockOffset;
import java.util.List;

/** The two clocks could not be laid on each other well. */
public record ClockUncertain(double offsetMicros, double uncertaintyMicros) implements RunWarning {

    static final ClockUncertain EXAMPLE = new ClockUncertain(120, 600_000);

    /** Half of the timeline's interval at its usual second: beyond it a row may stand in another's place. */
    private static final double MICROS = 500_000;

    static List<RunWarning> in(Facts facts) {
        ClockOffset clock = facts.summary().clockOffset();
        return clock != null && clock.uncertaintyMicros() > MICROS
                ? List.of(new ClockUncertain(clock.micros(), clock.uncertaintyMicros()))
                : List.of();
    }

    @Override
    public String when() {
        return "the offset between the two sides' clocks is known only within more than 0.5 s";
    }

    @Override
    public String message() {
        return "the server's clock is " + micros(offsetMicros) + " from ours, ± " + micros(uncertaintyMicros)
                + ": its timeline rows may be that far off";
    }

    @Override
    public String advice() {
        return "compare the sides by whole intervals only; a control endpoint with a shorter round trip gives a better estimate";
    }
}
