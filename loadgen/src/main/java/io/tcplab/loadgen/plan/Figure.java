package io.tcplab.loadgen.plan;

import io.tcplab.kernel.Side;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Statistic;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One figure of a result: what a threshold limits and what a comparison compares. {@link FigureNames} lists those that a threshold
 * may name, and {@code result/FigureReader} takes the value of each out of a result.
 */
public sealed interface Figure permits Figure.OfMember, Figure.OfTarget, KernelFigure, RunFigure {

    /** The dotted name, as thresholds write it: {@code short.connect.p99}, {@code server.acceptQueue.peak}. */
    String key();

    /** The unit of its value and of a limit for it. */
    default FigureUnit unit() {
        return FigureUnit.COUNT;
    }

    /** What it counts, or from when to when it is measured; a few words without a full stop. */
    String sentence();

    /** Returns the figure that a threshold calls so; null when no result of a mix with these members has it. */
    static @Nullable Figure named(String name, Set<String> members) {
        return FigureNames.find(name, members, Set.of());
    }

    /** The same, of a mix whose protocols have steps of these names. */
    static @Nullable Figure named(String name, Set<String> members, Set<String> steps) {
        return FigureNames.find(name, members, steps);
    }

    /** A figure that each member of the mix has as well as all of them together. */
    sealed interface OfMember extends Figure {

        /** The member's name; null for all together. */
        @Nullable
        String member();

        /** The same figure of one member. */
        OfMember of(String one);
    }

    /**
     * A figure of the connections to one of several targets.
     *
     * @param target {@code HOST:PORT} as the profile has it
     * @param figure one of all members together, or the accept queue of the target's listeners
     */
    record OfTarget(String target, Figure figure) implements Figure {

        /** Stands before the target's name. */
        static final String PREFIX = "targets.";

        @Override
        public String key() {
            return PREFIX + target + "." + figure.key();
        }

        @Override
        public String sentence() {
            return figure.sentence();
        }

        @Override
        public FigureUnit unit() {
            return figure.unit();
        }

        /** Whether a target has this figure of its own. */
        static boolean has(Figure figure) {
            return switch (figure) {
                case StepLatency _, OfTarget _, RunFigure _ -> false;
                case OfMember ofMember -> ofMember.member() == null;
                case KernelFigure kernel -> kernel instanceof KernelFigure.AcceptQueue && kernel.side() == Side.SERVER;
            };
        }
    }

    /** A latency; a count of samples where the statistic is {@link Statistic#COUNT}. */
    record Latency(@Nullable String member, Metric metric, Statistic statistic) implements OfMember {
        @Override
        public String key() {
            return prefix(member) + metric.key() + "." + statistic.key();
        }

        @Override
        public String sentence() {
            return metric.sentence();
        }

        @Override
        public FigureUnit unit() {
            return statistic == Statistic.COUNT ? FigureUnit.COUNT : FigureUnit.TIME;
        }

        @Override
        public Latency of(String one) {
            return new Latency(one, metric, statistic);
        }
    }

    /** A latency of a script's named step; a count of samples where the statistic is {@link Statistic#COUNT}. */
    record StepLatency(@Nullable String member, String step, Statistic statistic) implements OfMember {
        @Override
        public String key() {
            return prefix(member) + "step." + step + "." + statistic.key();
        }

        @Override
        public String sentence() {
            return "a named step of a script, from the moment at which its turn began";
        }

        @Override
        public FigureUnit unit() {
            return statistic == Statistic.COUNT ? FigureUnit.COUNT : FigureUnit.TIME;
        }

        @Override
        public StepLatency of(String one) {
            return new StepLatency(one, step, statistic);
        }
    }

    /**
     * Connections by how they ended.
     *
     * @param outcome null for all that were started
     */
    record Ended(@Nullable String member, @Nullable ConnectionOutcome outcome) implements OfMember {
        @Override
        public String key() {
            return prefix(member) + "outcomes." + (outcome == null ? "started" : outcome.key());
        }

        @Override
        public String sentence() {
            return outcome == null ? "all connections that were started" : outcome.sentence();
        }

        @Override
        public Ended of(String one) {
            return new Ended(one, outcome);
        }
    }

    /**
     * Connections that did not end as planned.
     *
     * @param rate whether they are taken as a share of those started
     */
    record Errors(@Nullable String member, boolean rate) implements OfMember {
        @Override
        public String key() {
            return prefix(member) + (rate ? "errors.rate" : "errors.count");
        }

        @Override
        public String sentence() {
            return "connections that did not end as planned" + (rate ? ", as a share of those started" : "");
        }

        @Override
        public FigureUnit unit() {
            return rate ? FigureUnit.FRACTION : FigureUnit.COUNT;
        }

        @Override
        public Errors of(String one) {
            return new Errors(one, rate);
        }
    }

    /** What became of the requests. */
    record OfExchanges(@Nullable String member, Share share) implements OfMember {

        /** Which of them. */
        public enum Share {
            ANSWERED("answered", "requests answered with a whole response, as expected or not"),
            UNEXPECTED("unexpected", "requests answered with a status or a body that is not expected"),
            LOST("lost", "requests whose connection failed before the response was complete"),
            NOT_BEGUN("notBegun", "planned requests that were left when the server closed as announced"),
            ERROR_RATE("errorRate", "unexpected and lost requests, as a share of those that were begun");

            private final String word;
            private final String sentence;

            Share(String word, String sentence) {
                this.word = word;
                this.sentence = sentence;
            }
        }

        @Override
        public String key() {
            return prefix(member) + "exchanges." + share.word;
        }

        @Override
        public String sentence() {
            return share.sentence;
        }

        @Override
        public FigureUnit unit() {
            return share == Share.ERROR_RATE ? FigureUnit.FRACTION : FigureUnit.COUNT;
        }

        @Override
        public OfExchanges of(String one) {
            return new OfExchanges(one, share);
        }
    }

    private static String prefix(@Nullable String member) {
        return member == null ? "" : member + ".";
    }
}
