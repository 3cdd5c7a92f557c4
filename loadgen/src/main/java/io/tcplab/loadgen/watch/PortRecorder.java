package io.tcplab.loadgen.watch;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.observe.Observation;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code tcplab observe} has seen of a server's port so far. Used by one thread. */
public final class PortRecorder {

    /** Above the lines of {@link #line}. */
    public static final String HEADING =
            "    second  accept queue   SYN_RECV  ESTABLISHED  CLOSE_WAIT  TIME_WAIT  overflows  drops";

    private final SideRecorder side;
    private final int port;
    private final long beganNanos;
    private final Map<TcpState, Long> states = new LinkedHashMap<>();
    private @Nullable Observation latest;

    public PortRecorder(int port, long beganNanos) {
        this.side = new SideRecorder(true, port);
        this.port = port;
        this.beganNanos = beganNanos;
    }

    /** Takes one observation in. */
    public void add(Observation observation) {
        side.add(observation);
        latest = observation;
        observation.states().ifPresent(counts -> {
            if (observation.allStates()) {
                states.clear();
            }
            counts.server().asMap().forEach((state, count) -> states.put(state, (long) count));
        });
    }

    /** Its row of a timeline that counts from the beginning. */
    public TimelineRow row(Observation observation) {
        return side.row(observation, (observation.atNanos() - beganNanos) / 1e9);
    }

    /** How things stand, in one line. */
    public String line() {
        Observation now = latest;
        KernelFigures.Side figures = side.figures();
        return String.format(
                Locale.ROOT,
                "%10.1f %13s %10d %12d %11d %10d %10d %6d",
                (System.nanoTime() - beganNanos) / 1e9,
                now == null || now.acceptQueueLimit() <= 0
                        ? "no listener"
                        : now.acceptQueueLength() + " of " + now.acceptQueueLimit(),
                states.getOrDefault(TcpState.SYN_RECV, 0L),
                states.getOrDefault(TcpState.ESTABLISHED, 0L),
                states.getOrDefault(TcpState.CLOSE_WAIT, 0L),
                states.getOrDefault(TcpState.TIME_WAIT, 0L),
                figures.counter(KernelCounter.LISTEN_OVERFLOWS),
                figures.counter(KernelCounter.LISTEN_DROPS));
    }

    /**
     * The object of {@code observe --json}.
     *
     * @param acceptQueue absent when nobody listened
     * @param counters that moved, of the whole namespace
     * @param observations how many were made
     * @param costMicros CPU time of one, on average
     */
    public record Result(
            int port,
            KernelFigures.@Nullable AcceptQueue acceptQueue,
            KernelFigures.TimeWait timeWait,
            Map<String, Long> peakStates,
            Map<String, Long> counters,
            long observations,
            double costMicros) {}

    /** What has been seen in all. */
    public Result result() {
        KernelFigures.Side figures = side.figures();
        return new Result(
                port,
                figures.acceptQueue(),
                figures.timeWait(),
                figures.peakStates(),
                figures.counters(),
                side.observations(),
                side.observations() == 0 ? 0 : Math.round(side.costNanos() / 1e2 / side.observations()) / 10.0);
    }

    /** The same for a person. */
    public String text() {
        Result result = result();
        StringBuilder text = new StringBuilder();
        KernelFigures.AcceptQueue queue = result.acceptQueue();
        text.append(
                queue == null
                        ? "nobody listened on port " + port + "\n"
                        : "accept queue: peak " + queue.peak() + " of " + queue.limit() + " (it holds limit + 1)\n");
        text.append("TIME_WAIT: peak ").append(result.timeWait().peak());
        text.append(", at the end ").append(result.timeWait().last()).append('\n');
        result.counters()
                .forEach((name, delta) -> text.append(String.format(Locale.ROOT, "  %-36s %,d%n", name, delta)));
        return text.append(String.format(
                        Locale.ROOT,
                        "%,d observations, %.1f µs CPU each%n",
                        result.observations(),
                        result.costMicros()))
                .toString();
    }
}
