package io.tcplab.loadgen.plan;

import static io.tcplab.loadgen.plan.ProfileError.quote;

import io.tcplab.loadgen.plan.Threshold.Comparison;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An expression of {@code thresholds}: a figure by its name ({@link FigureNames}), a sign, and a limit in the figure's unit.
 *
 * @param mixNames members of the mix, of which a figure may be
 * @param stepNames named steps of their protocols
 * @param targets where the profile names several, all of them as {@code HOST:PORT}
 */
record ThresholdShape(Set<String> mixNames, Set<String> stepNames, Set<String> targets) implements Shape<Threshold> {

    static final int MOST = 100;
    private static final Pattern EXPRESSION =
            Pattern.compile("\\s*([A-Za-z0-9_.:\\[\\]-]{1,300})\\s*(<=|>=|==|!=|<|>)\\s*([0-9][^\\s<>=!]{0,40})\\s*");
    private static final String ALLOWED = "an expression such as connect.p99 < 5ms or errors.rate < 0.1%";

    @Override
    public Threshold read(Value item) {
        String text = item.text();
        Matcher parts = EXPRESSION.matcher(text);
        if (!parts.matches()) {
            throw item.meaning("must be " + ALLOWED + ", not " + quote(text));
        }
        String name = parts.group(1);
        Figure figure = Figure.named(name, mixNames, stepNames);
        if (figure == null) {
            figure = FigureNames.ofTarget(name, targets);
        }
        if (figure == null) {
            boolean ofTarget = name.startsWith("targets.") || name.startsWith("targets[");
            throw item.meaning("there is no figure " + quote(name)
                    + (ofTarget ? FigureAdvice.ofTarget(targets) : FigureAdvice.of(name, mixNames, stepNames)));
        }
        double limit = figure.unit().parse(parts.group(3));
        if (Double.isNaN(limit)) {
            throw item.meaning("the limit must be " + figure.unit().allowed() + ", not " + quote(parts.group(3)));
        }
        return new Threshold(text, figure, Comparison.of(parts.group(2)), limit);
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
                        "targets.127.0.0.1:8080.connect.p99 < 5ms",
                        "generator.gcPauses.maxMillis < 20"));
    }

    @Override
    public String allowed() {
        return ALLOWED;
    }
}
