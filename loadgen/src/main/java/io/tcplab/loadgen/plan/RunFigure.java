package io.tcplab.loadgen.plan;

import java.util.Arrays;
import java.util.List;

/**
 * A figure of a whole run: its rates, what the generator cost, what the profile's actions cost, what became of held connections,
 * what an exchange cost.
 */
public enum RunFigure implements Figure {
    OFFERED("rates.offered", FigureUnit.RATE, "connections that the profile's rate asked for"),
    ATTEMPTED("rates.attempted", FigureUnit.RATE, "connections started"),
    ACHIEVED("rates.achieved", FigureUnit.RATE, "connections completed in the recorded time"),
    EXCHANGES("rates.exchanges", FigureUnit.RATE, "requests answered in the recorded time"),
    CPU_SECONDS(
            "generator.cpuSeconds", FigureUnit.NUMBER, "CPU time of the generator's process during the recorded part"),
    CPU_MICROS_PER_CONNECTION(
            "generator.cpuMicrosPerConnection", FigureUnit.NUMBER, "CPU time for each connection, in microseconds"),
    EVENT_LOOP_BUSY(
            "generator.eventLoopBusy",
            FigureUnit.FRACTION,
            "share of the recorded part that the busiest event loop worked"),
    GC_PAUSES("generator.gcPauses.count", FigureUnit.NUMBER, "pauses of the generator's garbage collector"),
    GC_PAUSES_TOTAL_MILLIS(
            "generator.gcPauses.totalMillis", FigureUnit.NUMBER, "time of these pauses together, in milliseconds"),
    GC_PAUSES_MAX_MILLIS(
            "generator.gcPauses.maxMillis", FigureUnit.NUMBER, "the longest of these pauses, in milliseconds"),
    ACTIONS_LOST(
            "actions.lost",
            FigureUnit.COUNT,
            "connections that the actions cost: refused, reset or closed unanswered, cut, never established,"
                    + " not answered in time, or failed in TLS; no figure where an action failed"),
    ACTIONS_DELAYED(
            "actions.delayed",
            FigureUnit.COUNT,
            "connections whose SYN was repeated after an action; no figure where an action failed"),
    HELD_AT_END("held.atEnd", FigureUnit.COUNT, "connections that were held open when the recorded part ended"),
    HELD_LOST("held.lost", FigureUnit.COUNT, "connections to be held that ended before"),
    HELD_REOPENED(
            "held.reopened", FigureUnit.COUNT, "connections opened in place of one that had ended (load.hold.reopen)"),
    EXCHANGES_PER_CPU_SECOND(
            "exchangesPerCpuSecond", FigureUnit.RATE, "exchanges for each second of CPU time of both processes"),
    CPU_PER_EXCHANGE("cpuPerExchange", FigureUnit.TIME, "CPU time of both processes for each exchange"),
    CLIENT_CPU_PER_EXCHANGE("clientCpuPerExchange", FigureUnit.TIME, "CPU time of the generator's process"),
    SERVER_CPU_PER_EXCHANGE(
            "serverCpuPerExchange", FigureUnit.TIME, "CPU time of the companion's process since it was ready"),
    CONNECT_TEARDOWN_SHARE(
            "connectTeardownShare",
            FigureUnit.FRACTION,
            "the share of their lifetime that connections spent in handshake and close");

    private final String key;
    private final FigureUnit unit;
    private final String sentence;

    RunFigure(String key, FigureUnit unit, String sentence) {
        this.key = key;
        this.unit = unit;
        this.sentence = sentence;
    }

    /** Those that a threshold may limit. What an exchange cost is compared alone: it is calculated, and no key of a result. */
    static List<RunFigure> ofThresholds() {
        return Arrays.stream(values())
                .filter(each -> each.compareTo(EXCHANGES_PER_CPU_SECOND) < 0)
                .toList();
    }

    @Override
    public String key() {
        return key;
    }

    @Override
    public FigureUnit unit() {
        return unit;
    }

    @Override
    public String sentence() {
        return sentence;
    }
}
