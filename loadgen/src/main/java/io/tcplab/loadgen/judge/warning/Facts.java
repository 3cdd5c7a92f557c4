package io.tcplab.loadgen.judge.warning;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideSettings;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a run when its result is judged.
 *
 * @param profile what was asked for
 * @param measured what the generator recorded
 * @param summary the same beside what the kernels counted, as it will be written
 * @param environment where it took place
 * @param mishaps what befell the run itself
 * @param connectOverhead what connect(2) itself takes here, in microseconds beyond the handshake: measured when it is asked for
 */
public record Facts(
        Profile profile,
        Measurement measured,
        Summary summary,
        Environment environment,
        Mishaps mishaps,
        Supplier<OptionalDouble> connectOverhead) {

    /** A figure that was not seen. */
    static final long UNKNOWN = -1;

    /**
     * What befell the run itself.
     *
     * @param stalledNanos how long the generator did not run, in all
     * @param longestStallNanos how long at most at a stretch
     * @param companionLost whether our companion ended during the run
     * @param endedInWarmup whether the run was interrupted before its recorded part began
     * @param fault of a part that the load can do without; absent = none
     */
    public record Mishaps(
            long stalledNanos,
            long longestStallNanos,
            boolean companionLost,
            boolean endedInWarmup,
            @Nullable RuntimeException fault) {
        public static final Mishaps NONE = new Mishaps(0, 0, false, false, null);
    }

    /** Whether the run could have had namespaces of its own: its server was started for it. */
    boolean isIsolable() {
        return profile.target() == null;
    }

    boolean isOpenLoop() {
        return profile.load() instanceof Load.Open;
    }

    long count(ConnectionOutcome outcome) {
        return summary.outcomes().count(outcome);
    }

    /** What a side's kernel counted; absent where it was not observed. */
    KernelFigures.@Nullable SideFigures kernel(Side side) {
        return summary.kernel().of(side);
    }

    /** How far a counter moved on a side; 0 where it did not, or where the side was not observed. */
    long counter(Side side, KernelCounter counter) {
        KernelFigures.SideFigures figures = kernel(side);
        return figures == null ? 0 : figures.counter(counter);
    }

    /** The target's listeners, the worst first; none where they were not seen. */
    List<ListenerFigures> listeners() {
        KernelFigures.SideFigures server = kernel(Side.SERVER);
        return server == null ? List.of() : server.listeners();
    }

    /** A sysctl as it was read on a side; {@link #UNKNOWN} where it was not. */
    long sysctl(Side side, String key) {
        SideSettings settings = environment.of(side);
        return settings == null ? UNKNOWN : number(settings.sysctls(), key);
    }

    /** A limit as it was read on a side; {@link #UNKNOWN} where it was not. */
    long limit(Side side, String key) {
        SideSettings settings = environment.of(side);
        return settings == null ? UNKNOWN : number(settings.limits(), key);
    }

    private static long number(Map<String, String> facts, String name) {
        String value = facts.getOrDefault(name, "");
        return value.matches("-?\\d{1,18}") ? Long.parseLong(value) : UNKNOWN;
    }
}
