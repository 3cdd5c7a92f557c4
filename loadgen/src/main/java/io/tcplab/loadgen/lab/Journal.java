package io.tcplab.loadgen.lab;

import io.tcplab.kernel.TcpState;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.lab.Evidence.SeenState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Writes down what an experiment does and sees, with the time since it began. Any thread may write. */
final class Journal {
    private static final int MAX_STEPS = 200;

    private final long startNanos = System.nanoTime();
    private final List<String> steps = new ArrayList<>();
    private final List<SeenState> states = new ArrayList<>();
    private final Map<String, Double> times = new LinkedHashMap<>();
    private final Map<String, String> errnos = new LinkedHashMap<>();
    private final Map<String, Long> figures = new LinkedHashMap<>();
    private final Map<String, String> sysctls = new LinkedHashMap<>();
    private final Map<Integer, Finding> claims = new LinkedHashMap<>();

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    synchronized void step(String line) {
        if (steps.size() < MAX_STEPS) {
            steps.add(String.format(Locale.ROOT, "%8.3f s  %s", seconds(), line));
        }
    }

    synchronized void state(String end, TcpState state) {
        states.add(new SeenState(rounded(seconds()), end, state.name()));
        step(end + ": " + (state == TcpState.CLOSE ? "CLOSED" : state));
    }

    synchronized void time(String name, double seconds) {
        times.put(name, rounded(seconds));
        step(name + ": " + rounded(seconds) + " s");
    }

    synchronized void errno(String name, Errno errno) {
        errnos.put(name, errno.name());
        step(name + ": " + errno);
    }

    synchronized void figure(String name, long value) {
        figures.put(name, value);
        step(name + ": " + value);
    }

    synchronized void sysctl(String name, String value) {
        sysctls.put(name, value);
        step(name + " = " + value + " (read back)");
    }

    synchronized void claim(int number, Finding finding) {
        claims.put(number, finding);
    }

    synchronized Map<Integer, Finding> claims() {
        return new LinkedHashMap<>(claims);
    }

    synchronized Evidence evidence(Map<String, Long> counters, List<String> segments) {
        return new Evidence(
                counters,
                List.copyOf(states),
                new LinkedHashMap<>(times),
                new LinkedHashMap<>(errnos),
                new LinkedHashMap<>(figures),
                new LinkedHashMap<>(sysctls),
                segments,
                List.copyOf(steps));
    }

    static double rounded(double seconds) {
        return Math.round(seconds * 1000) / 1000.0;
    }
}
