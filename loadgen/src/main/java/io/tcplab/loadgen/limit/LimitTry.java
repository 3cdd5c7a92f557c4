package io.tcplab.loadgen.limit;

import io.tcplab.loadgen.record.InWords;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.result.Latencies;
import io.tcplab.loadgen.result.Measured;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One try.
 *
 * @param value of the figure
 * @param missed why it did not hold, a few words each; empty = it held
 * @param result of the run
 * @param directory that has the run's files
 */
record LimitTry(double value, List<String> missed, Summary result, Path directory) {

    /** A rate that is not reached is not held, whatever the thresholds say. */
    private static final double REACHED = 0.98;

    /** A closed loop always has a few places whose next connection is about to start. */
    private static final double AT_A_TIME = 0.9;

    /** So many connections may be in progress when a try ends, which at a low rate is more than that share. */
    private static final double IN_PROGRESS = 5;

    LimitTry {
        missed = List.copyOf(missed);
    }

    /**
     * Judges a run: by its thresholds, by its errors where it has none, and by whether it came to what was asked: the rate, the number of
     * connections at a time, or the number that is open when the recorded part ends. What takes longer than the warm-up is in progress
     * when the recorded part ends, and nothing was when the warm-up began: so much is missing in the rates of any server.
     * What keeps all of that and is not valid shows nothing.
     */
    static LimitTry of(LimitFigure figure, double value, long warmupNanos, Summary result, Path directory) {
        List<String> missed = new ArrayList<>();
        result.thresholds().stream()
                .filter(each -> !each.passed())
                .map(each -> each.expression() + (each.actual() == null ? " (no such figure)" : ""))
                .forEach(missed::add);
        if (result.thresholds().isEmpty() && result.outcomes().errors() > 0) {
            missed.add(InWords.count(result.outcomes().errors()) + " errors");
        }
        Measured.Held open = result.held();
        if (open != null && open.atEnd() < open.asked()) {
            missed.add(InWords.count(open.atEnd()) + " of " + InWords.count(open.asked()) + " held at the end");
        }
        // Connections to be held are offered during the ramp alone, and are completed after it.
        Double offered = open == null ? result.rates().offered() : null;
        double warmup = warmupNanos / 1e9;
        double seconds = result.durationSeconds();
        if (offered != null && isShort(offered, result.rates().achieved(), seconds, lifetimeBeyond(warmup, result))) {
            missed.add(String.format(
                    Locale.ROOT, "%.0f of %.0f/s achieved", result.rates().achieved(), offered));
        }
        double response = Math.max(0, least(result.latencies(), Metric.RESPONSE) - warmup);
        if (figure == LimitFigure.REQUESTS && isShort(value, result.rates().exchanges(), seconds, response)) {
            missed.add(String.format(
                    Locale.ROOT, "%.0f of %.0f requests/s", result.rates().exchanges(), value));
        }
        if (figure == LimitFigure.CONCURRENCY) {
            double atATime = value * shareInUse(result.latencies());
            if (atATime < AT_A_TIME * value) {
                missed.add(String.format(Locale.ROOT, "%,.1f of %,.0f at a time", atATime, value));
            }
        }
        if (missed.isEmpty() && !result.valid()) {
            missed.add(notValid(result));
        }
        return new LimitTry(value, missed, result, directory);
    }

    /**
     * For which share of the time a place of a closed loop has its connection; for the rest it waits until the generator starts the next
     * one. 1 where nothing was recorded.
     */
    private static double shareInUse(Latencies latencies) {
        double used = mean(latencies, Metric.CONNECT) + mean(latencies, Metric.LIFETIME);
        return used == 0 ? 1 : used / (used + mean(latencies, Metric.START_DELAY));
    }

    private static double mean(Latencies latencies, Metric metric) {
        Double micros = latencies.of(metric).meanMicros();
        return micros == null ? 0 : micros / 1e6;
    }

    private static String notValid(Summary result) {
        return result.warnings().stream()
                .filter(Verdict.Warning::invalidates)
                .map(Verdict.Warning::code)
                .distinct()
                .collect(Collectors.joining(", ", "not valid (", ")"));
    }

    /** What arrived in the last {@code lasting} seconds cannot have ended. */
    private static boolean isShort(double asked, double achieved, double seconds, double lasting) {
        double missing = (asked - achieved) * seconds - asked * lasting;
        return missing > Math.max(IN_PROGRESS, (1 - REACHED) * asked * seconds);
    }

    /** By how many seconds a connection lasts longer than the warm-up at the least: the mean over the members of the mix. */
    private static double lifetimeBeyond(double warmup, Summary result) {
        double sum = 0;
        long started = 0;
        for (Measured.Mix mix : result.mixes()) {
            double lifetime = least(mix.latencies(), Metric.CONNECT) + least(mix.latencies(), Metric.LIFETIME);
            sum += mix.outcomes().started() * Math.max(0, lifetime - warmup);
            started += mix.outcomes().started();
        }
        return started == 0 ? 0 : sum / started;
    }

    private static double least(Latencies latencies, Metric metric) {
        Double micros = latencies.of(metric).minMicros();
        return micros == null ? 0 : micros / 1e6;
    }

    boolean held() {
        return missed.isEmpty();
    }

    /** Whether it would have held if its result could be trusted: that is no fault of the target's. */
    boolean spoilt() {
        return !result.valid() && missed.equals(List.of(notValid(result)));
    }
}
