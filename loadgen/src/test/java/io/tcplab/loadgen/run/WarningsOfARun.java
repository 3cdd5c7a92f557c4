package io.tcplab.loadgen.run;

import io.tcplab.kernel.counters.KernelCounter;
import io.tcplab.kernel.syscall.Errno;
import io.tcplab.loadgen.judge.warning.Facts;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.judge.warning.Warnings;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.Cause;
import io.tcplab.loadgen.record.CauseTally;
import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.Incident;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.LedgerReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.Phase;
import io.tcplab.loadgen.record.Spread;
import io.tcplab.loadgen.record.TcpFigure;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ListenerFigures;
import io.tcplab.loadgen.watch.SideFigures;
import io.tcplab.loadgen.watch.SideSettings;
import io.tcplab.loadgen.watch.SpecimenListener;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What a run counted and saw, as a test states it, and the warnings that are made of it. */
abstract class WarningsOfARun {

    static final long SECOND = 1_000_000_000;
    final List<CauseTally.Counted> causes = new ArrayList<>();
    final long[] outcomes = new long[ConnectionOutcome.values().length];
    final Histogram services = LatencyRecorder.newHistogram();
    final List<ListenerFigures> listeners = new ArrayList<>();
    final Map<TcpFigure, Histogram> tcp = new EnumMap<>(TcpFigure.class);
    Map<String, Long> clientCounters = Map.of();
    Map<String, Long> serverCounters = Map.of();
    Map<String, String> clientSysctls = Map.of();
    Map<String, String> serverSysctls = Map.of();
    Map<String, String> clientLimits = Map.of();
    String profileText = "load: {open: {rate: 100/s}}\nmix: [{name: only}]\n";
    KernelFigures.@Nullable Stretch stall;
    long openBefore;
    long exchanged;
    long unexpected;
    /** Of the recorded part, where some connections ended after it. */
    @Nullable
    LedgerReading withinTime;

    boolean serverSeen = true;
    boolean shared;

    void cause(Incident incident, Phase phase, long count, @Nullable Spread idleMillis) {
        causes.add(new CauseTally.Counted(
                new Cause(incident, "", Errno.OK, phase, 0),
                count,
                0,
                SECOND,
                idleMillis,
                null,
                null,
                null,
                null,
                null));
    }

    void outcome(ConnectionOutcome outcome, long count) {
        outcomes[outcome.ordinal()] += count;
    }

    void listener(long last, @Nullable Double goneAtSecond, Long drops) {
        listeners.add(new SpecimenListener()
                .limit(16)
                .queue(last, last)
                .drops(drops)
                .goneAt(goneAtSecond)
                .figures());
    }

    SideFigures kernel(Map<String, Long> counters, List<ListenerFigures> of) {
        return new SideFigures(
                counters,
                Map.of("ESTABLISHED", openBefore),
                Map.of("ESTABLISHED", openBefore),
                Map.of(),
                stall == null ? null : new KernelFigures.AcceptQueue(65_535, 129, 100, null, stall),
                of,
                new KernelFigures.TimeWait(0, 0L),
                80,
                null,
                false,
                null);
    }

    LedgerReading counts() {
        long started = 0;
        for (long each : outcomes) {
            started += each;
        }
        return new LedgerReading(started, started, started, exchanged, 0, 0, 0, 0, 0, unexpected, 0, 0, 0, outcomes);
    }

    List<RunWarning> found() {
        Profile profile = Profiles.of(profileText);
        Measurement measured = new Measurement(
                Instant.EPOCH,
                0,
                SECOND,
                1,
                Map.of("only", counts()),
                withinTime == null ? counts() : withinTime,
                Map.of(),
                Map.of("only", Map.of(Metric.SERVICE, services)),
                Map.of(),
                List.of(),
                LatencyRecorder.newHistogram(),
                tcp,
                causes,
                List.of(),
                Map.of(),
                null,
                0,
                0.5,
                0,
                0,
                0,
                false);
        SideSettings here = new SideSettings("host", 1L, Map.of(), clientSysctls, clientLimits);
        SideSettings there = new SideSettings("host", shared ? 1L : 2L, Map.of(), serverSysctls, Map.of());
        Environment environment =
                new Environment("", "6.18", "", 2, "", "", "epoll", null, null, "none", here, there, List.of());
        KernelFigures kernel = new KernelFigures(
                kernel(clientCounters, List.of()), serverSeen ? kernel(serverCounters, listeners) : null);
        Summary summary = SummaryBuilder.build(
                profile,
                List.of(Located.of(new InetSocketAddress(80))),
                List.of(),
                measured,
                kernel,
                List.of(),
                null,
                null,
                new Leftovers(0, 0, 0.0, 0.5, 2));
        return Warnings.in(
                new Facts(profile, measured, summary, environment, Facts.Mishaps.NONE, OptionalDouble::empty));
    }

    List<String> codes() {
        return found().stream().map(RunWarning::code).toList();
    }

    RunWarning one(String code) {
        return found().stream()
                .filter(each -> each.code().equals(code))
                .findFirst()
                .orElseThrow(() -> new AssertionError(code + " is not among " + codes()));
    }

    void sentAgain(long segments, long syns) {
        serverCounters = Map.of(
                KernelCounter.RETRANSMITTED_SEGMENTS.kernelName(),
                segments,
                KernelCounter.SYN_RETRANSMITS.kernelName(),
                syns);
    }

    /** Segments with data of each connection. */
    void segments(long sent, long received) {
        for (TcpFigure figure : TcpFigure.values()) {
            Histogram counts = LatencyRecorder.newHistogram();
            counts.recordValueWithCount(
                    switch (figure) {
                        case SENT_SEGMENTS -> sent;
                        case RECEIVED_SEGMENTS -> received;
                        case RTT, MIN_RTT, RETRANSMITS, SENT_BYTES, RETRANSMITTED_BYTES, RECEIVED_BYTES -> 1;
                    },
                    100);
            tcp.put(figure, counts);
        }
    }
}
