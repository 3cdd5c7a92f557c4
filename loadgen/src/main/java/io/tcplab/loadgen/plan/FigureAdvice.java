package io.tcplab.loadgen.plan;

import io.tcplab.kernel.TcpState;
import io.tcplab.loadgen.plan.KernelFigure.Moment;
import io.tcplab.loadgen.record.Metric;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is said where no figure has the name that was given: the nearest name, or the names there are. */
final class FigureAdvice {

    private FigureAdvice() {}

    /** As {@link #of} of what begins like a target's figure. */
    static String ofTarget(Set<String> targets) {
        return targets.isEmpty()
                ? "; the profile has one target, whose figures are those of the run: connect.p99"
                : "; of a target there are latencies, outcomes, errors, exchanges and server.acceptQueue: targets."
                        + targets.iterator().next() + ".connect.p99 (the targets are " + String.join(", ", targets)
                        + ")";
    }

    /** Returns what to say after {@code there is no figure x}: the nearest name, or the names there are. */
    static String of(String name, Set<String> members, Set<String> steps) {
        if (name.startsWith("step.") || members.stream().anyMatch(each -> name.startsWith(each + ".step."))) {
            return steps.isEmpty()
                    ? "; no step of the profile has a name"
                    : "; the steps are " + String.join(", ", steps) + ", and a latency has p50, p99, max and others";
        }
        String first = FigureNames.firstWord(name);
        String figure =
                members.contains(first) && first.length() < name.length() ? name.substring(first.length() + 1) : name;
        String group = FigureNames.firstWord(figure);
        String word = figure.substring(Math.min(figure.length(), group.length() + 1));
        List<String> words = FigureNames.wordsOf(group);
        String advice;
        if (words.isEmpty()) {
            String near = Typo.didYouMean(first, FigureNames.FIRST_WORDS);
            advice = near.isEmpty() ? Typo.didYouMean(first, members) : near;
        } else {
            advice = ofGroup(group, word, words);
        }
        return advice.isEmpty()
                ? "; examples are connect.p99, short.service.p50, errors.rate, rates.achieved, outcomes.refused and server.listenOverflows"
                : advice;
    }

    private static String ofGroup(String group, String word, List<String> words) {
        for (Moment moment : Moment.values()) {
            String states = moment.name().toLowerCase(Locale.ROOT) + "States.";
            if (word.startsWith(states)) {
                List<String> names =
                        FigureNames.STATES.stream().map(TcpState::name).toList();
                return nearOrAll(word.substring(states.length()).toUpperCase(Locale.ROOT), names, "; the states are ");
            }
        }
        boolean few =
                Arrays.stream(Metric.values()).anyMatch(metric -> metric.key().equals(group));
        if (few) {
            return "; a latency has " + String.join(", ", words);
        }
        return group.equals("generator")
                ? nearOrAll(word, words, "; the generator has ")
                : Typo.didYouMean(word, words);
    }

    private static String nearOrAll(String word, Collection<String> words, String introduction) {
        String near = Typo.didYouMean(word, words);
        return near.isEmpty() ? introduction + String.join(", ", words) : near;
    }
}
