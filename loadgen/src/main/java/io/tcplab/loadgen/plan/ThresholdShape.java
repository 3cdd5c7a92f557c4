package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import io.tcplab.loadgen.plan.Threshold.Comparison;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An expression of {@code thresholds}. The figures are those of {@code summary.json}:
 *
 * <pre>
 * [MIX.]LATENCY.min|p50|p90|p99|p999|max|mean   a time
 * [MIX.]LATENCY.count, [MIX.]outcomes.OUTCOME   a count
 * [MIX.]errors.rate                             a percentage or a fraction
 * [MIX.]errors.count                            a count
 * rates.offered|attempted|achieved|exchanges    a rate
 * client|server.FIGURE                          a count, see {@link KernelFigure}
 * generator.FIGURE                              a number or a percentage
 * </pre>
 */
record ThresholdShape(Set<String> mixNames) implements Shape<Threshold> {

    static final Set<String> LATENCIES =
            Stream.of(Metric.values()).map(Metric::key).collect(Collectors.toUnmodifiableSet());
    static final Set<String> OUTCOMES = Stream.concat(
                    Stream.of("started"), Stream.of(ConnectionOutcome.values()).map(ConnectionOutcome::key))
            .collect(Collectors.toUnmodifiableSet());
    private static final Set<String> TIMES = Set.of("min", "p50", "p90", "p99", "p999", "max", "mean");
    private static final Set<String> RATES = Set.of("offered", "attempted", "achieved", "exchanges");
    private static final Set<String> ERRORS = Set.of("rate", "count");
    private static final Set<String> GENERATOR = Set.of(
            "cpuSeconds",
            "cpuMicrosPerConnection",
            "eventLoopBusy",
            "gcPauses",
            "gcPauses.count",
            "gcPauses.totalMillis",
            "gcPauses.maxMillis");

    /** What a figure's name may begin with; no mix member may be called so. */
    static final Set<String> FIRST_WORDS = Stream.concat(
                    LATENCIES.stream(),
                    Stream.of("outcomes", "errors", "rates", "client", "server", "generator", "kernel", "all"))
            .collect(Collectors.toUnmodifiableSet());

    static final int MOST = 100;
    private static final Pattern EXPRESSION =
            Pattern.compile("\\s*([A-Za-z0-9_.-]{1,150})\\s*(<=|>=|==|!=|<|>)\\s*([0-9][^\\s<>=!]{0,40})\\s*");
    private static final String ALLOWED = "an expression such as connect.p99 < 5ms or errors.rate < 0.1%";
    private static final Map<String, Comparison> COMPARISONS = comparisons();

    /** What kind of limit a figure is compared with. */
    private enum Unit {
        TIME,
        COUNT,
        RATE,
        FRACTION,
        NUMBER
    }

    private static Map<String, Comparison> comparisons() {
        Map<String, Comparison> comparisons = new TreeMap<>();
        for (Comparison comparison : Comparison.values()) {
            comparisons.put(comparison.symbol(), comparison);
        }
        return comparisons;
    }

    @Override
    public Threshold read(Value item) {
        String text = item.text();
        Matcher parts = EXPRESSION.matcher(text);
        if (!parts.matches()) {
            throw item.meaning("must be " + ALLOWED + ", not " + quote(text));
        }
        Comparison comparison = COMPARISONS.get(parts.group(2));
        String figure = parts.group(1);
        double limit = limit(item, unit(item, figure, mixNames), parts.group(3));
        if (comparison == null) {
            throw item.meaning("must be " + ALLOWED + ", not " + quote(text));
        }
        return new Threshold(text, figure, comparison, limit);
    }

    @Override
    public Object write(Threshold threshold) {
        return threshold.expression();
    }

    @Override
    public Map<String, Object> schema() {
        return JsonSchema.of(
                "type",
                "string",
                "examples",
                List.of(
                        "connect.p99 < 5ms",
                        "errors.rate < 0.1%",
                        "server.listenOverflows == 0",
                        "server.peakStates.CLOSE_WAIT == 0",
                        "client.counters.TcpExt.TWRecycled > 0",
                        "server.acceptQueue.peak <= 128",
                        "client.timeWait.peak < 20k",
                        "errors.count == 0",
                        "generator.gcPauses.maxMillis < 20"));
    }

    @Override
    public String allowed() {
        return ALLOWED;
    }

    private static Unit unit(Value item, String figure, Set<String> mixNames) {
        int dot = figure.indexOf('.');
        String first = dot < 0 ? figure : figure.substring(0, dot);
        boolean ofMember = mixNames.contains(first);
        String rest = ofMember ? figure.substring(Math.min(figure.length(), first.length() + 1)) : figure;
        Unit unit = unit(rest, ofMember);
        if (unit == null) {
            throw item.meaning("there is no figure " + quote(figure) + advice(rest, first, mixNames));
        }
        return unit;
    }

    private static @Nullable Unit unit(String figure, boolean ofMember) {
        int dot = figure.indexOf('.');
        if (dot < 0) {
            return null;
        }
        String group = figure.substring(0, dot);
        String name = figure.substring(dot + 1);
        if (LATENCIES.contains(group)) {
            return TIMES.contains(name) ? Unit.TIME : name.equals("count") ? Unit.COUNT : null;
        }
        return switch (group) {
            case "outcomes" -> OUTCOMES.contains(name) ? Unit.COUNT : null;
            case "errors" -> name.equals("rate") ? Unit.FRACTION : name.equals("count") ? Unit.COUNT : null;
            case "rates" -> !ofMember && RATES.contains(name) ? Unit.RATE : null;
            case "client", "server" -> !ofMember && KernelFigure.isKnown(name) ? Unit.COUNT : null;
            case "generator" -> !ofMember && GENERATOR.contains(name) ? ofGenerator(name) : null;
            default -> null;
        };
    }

    private static Unit ofGenerator(String name) {
        return name.equals("eventLoopBusy") ? Unit.FRACTION : Unit.NUMBER;
    }

    private static String advice(String figure, String first, Set<String> mixNames) {
        int dot = figure.indexOf('.');
        String group = dot < 0 ? figure : figure.substring(0, dot);
        String name = dot < 0 ? "" : figure.substring(dot + 1);
        if (LATENCIES.contains(group)) {
            return "; a latency has min, p50, p90, p99, p999, max, mean and count";
        }
        String typo = switch (group) {
            case "outcomes" -> Typo.didYouMean(name, OUTCOMES);
            case "errors" -> Typo.didYouMean(name, ERRORS);
            case "client", "server" -> KernelFigure.didYouMean(name);
            case "rates" -> Typo.didYouMean(name, RATES);
            case "generator" -> {
                String near = Typo.didYouMean(name, GENERATOR);
                yield near.isEmpty() ? "; the generator has " + String.join(", ", new TreeSet<>(GENERATOR)) : near;
            }
            default -> {
                String word = Typo.didYouMean(first, FIRST_WORDS);
                yield word.isEmpty() ? Typo.didYouMean(first, mixNames) : word;
            }
        };
        return typo.isEmpty()
                ? "; examples are connect.p99, short.service.p50, errors.rate, rates.achieved, outcomes.refused and server.listenOverflows"
                : typo;
    }

    private static double limit(Value item, Unit unit, String text) {
        double limit = switch (unit) {
            case TIME -> {
                long nanos = Measure.DURATION.parse(text);
                yield nanos < 0 ? Double.NaN : nanos / (double) Measure.NANOS_PER_SECOND;
            }
            case COUNT -> {
                long count = Measure.COUNT.parse(text);
                yield count < 0 ? Double.NaN : count;
            }
            case RATE -> Measure.parseRate(text);
            case NUMBER -> Measure.parseNumber(text);
            case FRACTION ->
                text.endsWith("%")
                        ? Measure.parseNumber(text.substring(0, text.length() - 1)) / 100
                        : Measure.parseNumber(text);
        };
        if (Double.isNaN(limit)) {
            String allowed = switch (unit) {
                case TIME -> Measure.DURATION.example();
                case COUNT -> Measure.COUNT.example();
                case RATE -> "a rate such as 4900/s";
                case NUMBER -> "a number such as 20 or 2.5";
                case FRACTION -> "a percentage such as 0.1% or a number such as 0.001";
            };
            throw item.meaning("the limit must be " + allowed + ", not " + quote(text));
        }
        return limit;
    }
}
