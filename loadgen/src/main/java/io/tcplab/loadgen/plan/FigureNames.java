package io.tcplab.loadgen.plan;

import io.tcplab.kernel.Side;
import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.loadgen.plan.Figure.Ended;
import io.tcplab.loadgen.plan.Figure.Errors;
import io.tcplab.loadgen.plan.Figure.Latency;
import io.tcplab.loadgen.plan.Figure.OfExchanges;
import io.tcplab.loadgen.plan.Figure.OfMember;
import io.tcplab.loadgen.plan.Figure.OfTarget;
import io.tcplab.loadgen.plan.Figure.StepLatency;
import io.tcplab.loadgen.plan.KernelFigure.AcceptQueue;
import io.tcplab.loadgen.plan.KernelFigure.Counter;
import io.tcplab.loadgen.plan.KernelFigure.Moment;
import io.tcplab.loadgen.plan.KernelFigure.Sockets;
import io.tcplab.loadgen.plan.KernelFigure.TimeWait;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Statistic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names of the figures that a threshold may limit, which are the paths of {@code summary.json} without what can be left out:
 *
 * <pre>
 * [MEMBER.]METRIC.STATISTIC, [MEMBER.]step.NAME.STATISTIC, [MEMBER.]outcomes.OUTCOME, [MEMBER.]errors.rate|count
 * [MEMBER.]exchanges.FIGURE, also exchangeErrorRate
 * rates.RATE, generator.FIGURE, actions.lost|delayed
 * client|server.acceptQueue.limit|peak|p99, .timeWait.peak|final, also as one word, acceptQueuePeak
 * client|server.peakStates|finalStates.STATE  the kernel's name of the state, CLOSE_WAIT
 * client|server.COUNTER                       a counter of the catalogue, by its id or by the kernel's own word
 * client|server.[counters.]SECTION.COUNTER    any counter of Tcp, TcpExt and MPTcpExt, as the kernel writes it
 * targets.HOST:PORT.FIGURE, targets[HOST:PORT].FIGURE    of one of several targets: those of a member, server.acceptQueue
 * </pre>
 *
 * <p>The whole path is understood as well: {@code kernel.server.acceptQueue.peak}, {@code latencies.connect.p99Micros}.
 */
final class FigureNames {

    private static final Pattern FULL_COUNTER =
            Pattern.compile("(client|server)\\.(?:counters\\.)?((?:Tcp|TcpExt|MPTcpExt)\\.[A-Z][A-Za-z0-9]{0,60})");
    /** Of a path in {@code summary.json}, what a name has and what it leaves out. */
    private static final Pattern WHOLE_PATH =
            Pattern.compile("^(?:kernel\\.((?:client|server)\\..+)|latencies\\.(.+?)(?:Micros)?)$");

    /** The states that a figure may name. */
    static final List<TcpState> STATES = Arrays.stream(TcpState.values())
            .filter(each -> each.number() <= TcpState.CLOSING.number())
            .toList();

    /** Every figure but those of single members and of counters outside the catalogue, by its name and its other names. */
    private static final Map<String, Figure> BY_NAME = table();

    /** A good name for a member, and no figure of a member is called as those of what was held are. */
    private static final String HELD = "held";

    /** What a figure's name may begin with; no mix member may be called so. */
    static final Set<String> FIRST_WORDS = Stream.concat(
                    BY_NAME.keySet().stream().map(FigureNames::firstWord), Stream.of("kernel", "all", "step"))
            .filter(word -> !word.equals(HELD))
            .collect(Collectors.toUnmodifiableSet());

    private FigureNames() {}

    /** What names of this group go on with behind its dot. */
    static List<String> wordsOf(String group) {
        return BY_NAME.keySet().stream()
                .filter(each -> each.startsWith(group + "."))
                .map(each -> each.substring(group.length() + 1))
                .toList();
    }

    private static Map<String, Figure> table() {
        List<Figure> figures = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            for (Statistic statistic : Statistic.values()) {
                figures.add(new Latency(null, metric, statistic));
            }
        }
        figures.add(new Ended(null, null));
        for (ConnectionOutcome outcome : ConnectionOutcome.values()) {
            figures.add(new Ended(null, outcome));
        }
        figures.add(new Errors(null, true));
        figures.add(new Errors(null, false));
        for (OfExchanges.Share share : OfExchanges.Share.values()) {
            figures.add(new OfExchanges(null, share));
        }
        figures.addAll(RunFigure.ofThresholds());
        for (Side side : Side.values()) {
            addKernel(side, figures);
        }
        Map<String, Figure> byName = new LinkedHashMap<>();
        figures.forEach(each -> byName.put(each.key(), each));
        byName.put("generator.gcPauses", RunFigure.GC_PAUSES);
        byName.put("exchangeErrorRate", new OfExchanges(null, OfExchanges.Share.ERROR_RATE));
        figures.forEach(each -> {
            if (each instanceof AcceptQueue || each instanceof TimeWait) {
                byName.put(asOneWord(each.key()), each);
            }
        });
        return byName;
    }

    private static void addKernel(Side side, List<Figure> figures) {
        for (AcceptQueue.Length length : AcceptQueue.Length.values()) {
            figures.add(new AcceptQueue(side, length));
        }
        for (Moment moment : Moment.values()) {
            figures.add(new TimeWait(side, moment));
        }
        for (Moment moment : Moment.values()) {
            STATES.forEach(state -> figures.add(new Sockets(side, moment, state)));
        }
        for (KernelCounter counter : KernelCounter.values()) {
            figures.add(new Counter(side, counter.kernelName()));
        }
    }

    /** Every figure once, but for those of single members and of counters outside the catalogue. */
    static Set<Figure> all() {
        return new LinkedHashSet<>(BY_NAME.values());
    }

    /** Returns {@code server.acceptQueuePeak} for {@code server.acceptQueue.peak}. */
    private static String asOneWord(String key) {
        int dot = key.lastIndexOf('.');
        return key.substring(0, dot)
                + key.substring(dot + 1, dot + 2).toUpperCase(Locale.ROOT)
                + key.substring(dot + 2);
    }

    /** Returns the figure of this name; null when no result of a mix with these members and steps has it. */
    static @Nullable Figure find(String path, Set<String> members, Set<String> steps) {
        String name = members.contains(firstWord(path))
                ? path
                : WHOLE_PATH.matcher(path).replaceFirst("$1$2");
        String first = firstWord(name);
        if (members.contains(first)) {
            String rest = name.substring(Math.min(name.length(), first.length() + 1));
            OfMember step = step(rest, steps);
            if (step != null) {
                return step.of(first);
            } else if (BY_NAME.get(rest) instanceof OfMember figure) {
                return figure.of(first);
            } else if (!first.equals(HELD)) {
                return null;
            }
        }
        OfMember step = step(name, steps);
        Figure listed = step != null ? step : BY_NAME.get(name);
        return listed == null ? counter(name) : listed;
    }

    /** Returns the figure of one of these targets; null where the name is of none, or of a figure that a target does not have. */
    static @Nullable Figure ofTarget(String name, Set<String> targets) {
        for (String target : targets) {
            for (String prefix : List.of(OfTarget.PREFIX + target + ".", "targets[" + target + "].")) {
                if (name.startsWith(prefix)) {
                    Figure figure = find(name.substring(prefix.length()), Set.of(), Set.of());
                    return figure == null || !OfTarget.has(figure) ? null : new OfTarget(target, figure);
                }
            }
        }
        return null;
    }

    private static @Nullable OfMember step(String name, Set<String> steps) {
        for (String step : steps) {
            for (Statistic statistic : Statistic.values()) {
                StepLatency figure = new StepLatency(null, step, statistic);
                if (figure.key().equals(name)) {
                    return figure;
                }
            }
        }
        return null;
    }

    private static @Nullable Figure counter(String name) {
        Matcher full = FULL_COUNTER.matcher(name);
        for (Side side : Side.values()) {
            String prefix = side.word() + ".";
            if (!name.startsWith(prefix)) {
                continue;
            }
            if (full.matches()) {
                return new Counter(side, full.group(2));
            }
            String word = name.substring(prefix.length());
            for (KernelCounter each : KernelCounter.values()) {
                if (each.kernelWord().equalsIgnoreCase(word)) {
                    return new Counter(side, each.kernelName());
                }
            }
        }
        return null;
    }

    /** What stands before the first dot. */
    static String firstWord(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }
}
