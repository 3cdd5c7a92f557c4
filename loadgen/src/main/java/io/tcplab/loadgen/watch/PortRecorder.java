package io.tcplab.loadgen.watch;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.observe.Observation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code tcplab observe} has seen of a server's port so far. Used by one thread. */
public final class PortRecorder {

    private static final long NEVER = Long.MIN_VALUE;
    private static final long STALE_NANOS = 2_000_000_000L;

    /** Above the lines of {@link #line}. */
    public static final String HEADING =
            "    second  accept queue   SYN_RECV  ESTABLISHED  CLOSE_WAIT  TIME_WAIT  overflows  drops";

    private final SideRecorder side;
    private final int port;
    private final long beganNanos;
    private final Map<TcpState, Long> states = new LinkedHashMap<>();
    private @Nullable Observation latest;
    private long passingAtNanos = NEVER;
    private long allAtNanos = NEVER;

    public PortRecorder(int port, long beganNanos) {
        this.side = new SideRecorder(Side.SERVER, port);
        this.port = port;
        this.beganNanos = beganNanos;
    }

    /** Takes one observation in. */
    public void add(Observation observation) {
        side.add(observation);
        latest = observation;
        observation.states().ifPresent(counts -> {
            passingAtNanos = observation.atNanos();
            if (observation.allStates()) {
                allAtNanos = observation.atNanos();
                states.clear();
            } else {
                states.keySet().removeIf(state -> state != TcpState.ESTABLISHED && state != TcpState.TIME_WAIT);
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
        SideFigures figures = side.figures(beganNanos, null);
        return String.format(
                Locale.ROOT,
                "%10.1f %13s %10s %12s %11s %10s %10d %6d",
                (System.nanoTime() - beganNanos) / 1e9,
                now == null || now.listeners().isEmpty() ? "no listener" : queue(now),
                state(TcpState.SYN_RECV, passingAtNanos),
                state(TcpState.ESTABLISHED, allAtNanos),
                state(TcpState.CLOSE_WAIT, passingAtNanos),
                state(TcpState.TIME_WAIT, allAtNanos),
                figures.counter(KernelCounter.LISTEN_OVERFLOWS),
                figures.counter(KernelCounter.LISTEN_DROPS));
    }

    /** A listener may have a limit of 0, and one that is read in /proc none that is known. */
    private static String queue(Observation now) {
        return now.acceptQueueLength() + (now.acceptQueueLimit() < 0 ? "" : " of " + now.acceptQueueLimit());
    }

    /** The count, with a tilde where it is older than two seconds; a dash where it was never read. */
    private String state(TcpState state, long readAtNanos) {
        if (readAtNanos == NEVER) {
            return "–";
        }
        Observation now = latest;
        boolean stale = now != null && now.atNanos() - readAtNanos > STALE_NANOS;
        return (stale ? "~" : "") + states.getOrDefault(state, 0L);
    }

    /**
     * The object of {@code observe --json}.
     *
     * @param acceptQueue of the worst listener; absent when nobody listened
     * @param listeners of the port, the worst first
     * @param counters that moved, of the whole namespace
     * @param observations how many were made
     * @param costMicros CPU time of one, on average
     */
    public record Result(
            int port,
            KernelFigures.@Nullable AcceptQueue acceptQueue,
            List<ListenerFigures> listeners,
            KernelFigures.TimeWait timeWait,
            Map<String, Long> peakStates,
            Map<String, Long> counters,
            long observations,
            double costMicros) {}

    /** What has been seen in all, as of the server's side of a run. */
    public SideFigures figures() {
        return side.figures(beganNanos, null);
    }

    /** The same with what it cost. */
    public Result result() {
        SideFigures figures = figures();
        return new Result(
                port,
                figures.acceptQueue(),
                figures.listeners(),
                figures.timeWait(),
                figures.peakStates(),
                figures.counters(),
                side.observations(),
                side.observations() == 0 ? 0 : Math.round(side.costNanos() / 1e2 / side.observations()) / 10.0);
    }

    /** What was seen of the port, for a person. */
    public String portText() {
        Result result = result();
        StringBuilder text = new StringBuilder();
        if (result.listeners().isEmpty()) {
            text.append("nothing listened on port ").append(port).append('\n');
        }
        result.listeners()
                .forEach(each -> text.append("listener ")
                        .append(ListenerInWords.line(each))
                        .append('\n'));
        text.append("TIME_WAIT: peak ").append(result.timeWait().peak());
        text.append(", at the end ").append(result.timeWait().last()).append('\n');
        return text.append(String.format(
                        Locale.ROOT,
                        "%,d observations, %.1f µs CPU each%n",
                        result.observations(),
                        result.costMicros()))
                .toString();
    }

    /** What was counted for the whole namespace, for a person; empty where nothing moved. */
    public String namespaceText() {
        StringBuilder text = new StringBuilder();
        Map<String, Long> counters = figures().counters();
        if (!counters.isEmpty()) {
            text.append("counters of the whole network namespace, of all its ports and both sides:\n");
        }
        counters.forEach((name, delta) -> text.append(String.format(Locale.ROOT, "  %-36s %,d%n", name, delta)));
        return text.toString();
    }
}
