package io.tcplab.loadgen.connection;

import io.tcplab.companion.tls.TlsEngine;
import io.tcplab.loadgen.connection.wire.Vitals;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Ledger;
import io.tcplab.loadgen.record.Metric;
import io.tcplab.loadgen.record.StatusCounts;
import io.tcplab.loadgen.record.TcpFigure;
import io.tcplab.loadgen.record.TlsTally;
import java.util.stream.Stream;

/** What one event loop counts and measures, of the warm-up apart from the recorded part. Written by the loop's thread alone. */
final class Recording {

    private static final int RTT_ALL = 256;
    private static final long NANOS_PER_MICRO = 1_000;
    /** A power of two. */
    private static final int RTT_ONE_IN = 16;

    /** In the warm-up, where the code that asks is to be compiled; a power of two. */
    private static final int RTT_ONE_IN_WARMUP = 2;

    /** Places in {@link #latencies}. */
    private static final int RECORDED = 0;

    private static final int WARMUP = 1;

    private final Ledger[] warmupLedgers;
    private final Ledger[] ledgers;

    /**
     * What began before the recorded part goes through the same code into a recorder that nobody asks: were it left out,
     * the compiler would have dropped the recording as never used, and would compile everything again when it is.
     */
    private final LatencyRecorder[] latencies;

    /** Where connections that start now are counted. */
    private Ledger[] current;

    private long fromNanos = Long.MAX_VALUE;
    private int rttOneIn = RTT_ONE_IN;

    /** Of so many closes one is looked at; 0 = none. */
    private final int tcpInfoOneIn;

    private long closes;

    /** Of the recorded part and of the warm-up, by route. */
    private final StatusCounts[][] statuses;

    private final TlsTally[] tls = {new TlsTally(), new TlsTally()};

    Recording(int routes, int steps, int tcpInfoOneIn) {
        this.tcpInfoOneIn = tcpInfoOneIn;
        warmupLedgers = ledgers(routes);
        ledgers = ledgers(routes);
        current = ledgers;
        latencies = new LatencyRecorder[] {new LatencyRecorder(routes, steps), new LatencyRecorder(routes, steps)};
        statuses = new StatusCounts[][] {noStatuses(routes), noStatuses(routes)};
    }

    private static Ledger[] ledgers(int routes) {
        return Stream.generate(Ledger::new).limit(routes).toArray(Ledger[]::new);
    }

    private static StatusCounts[] noStatuses(int routes) {
        return Stream.generate(StatusCounts::new).limit(routes).toArray(StatusCounts[]::new);
    }

    /** What begins at {@code fromNanos} or later is recorded; {@code warm} = connections before that are the warm-up's. */
    void begin(long fromNanos, boolean warm) {
        this.fromNanos = fromNanos;
        rttOneIn = warm ? RTT_ONE_IN_WARMUP : RTT_ONE_IN;
        current = warm ? warmupLedgers : ledgers;
    }

    /** Connections that start from now on are the recorded part's. */
    void endWarmup() {
        rttOneIn = RTT_ONE_IN;
        current = ledgers;
    }

    /** Memory for what the warm-up records will be needed for the same in the recorded part, and is fetched before it. */
    void prepare() {
        latencies[RECORDED].prepareFor(latencies[WARMUP]);
    }

    Ledger ledger(int route) {
        return current[route];
    }

    Ledger recorded(int route) {
        return ledgers[route];
    }

    Ledger warmup(int route) {
        return warmupLedgers[route];
    }

    /** Where the recorded part's latencies go at present. */
    LatencyRecorder latencies() {
        return latencies[RECORDED];
    }

    /** Goes on with {@code empty}; returns what was filled. */
    LatencyRecorder swap(LatencyRecorder empty) {
        LatencyRecorder filled = latencies[RECORDED];
        latencies[RECORDED] = empty;
        return filled;
    }

    void record(int route, Metric metric, long beganNanos, long nanos) {
        latencies[part(beganNanos)].record(route, metric, nanos);
    }

    void recordStep(int route, int step, long beganNanos, long nanos) {
        latencies[part(beganNanos)].recordStep(route, step, nanos);
    }

    /**
     * Of the first connections all, then one in sixteen: the answer costs a system call, and the median needs no more. Without a
     * branch: one that is taken at the beginning alone would be compiled away, and back when the recorded part begins.
     */
    boolean asksForRtt(long index) {
        return Math.min(index / RTT_ALL, 1) * (index & (rttOneIn - 1)) == 0;
    }

    /** Counts it where the connection's exchanges are counted, so that the statuses add up to those that were answered. */
    void status(int route, Ledger connections, int status) {
        statuses[connections == warmupLedgers[route] ? WARMUP : RECORDED][route].count(status);
    }

    void secured(long beganNanos, TlsEngine engine, boolean resumed, boolean offered) {
        tls[part(beganNanos)].secured(engine.version(), engine.cipher(), engine.alpn(), resumed, offered);
    }

    void securedBytes(long beganNanos, long sent, long received) {
        tls[part(beganNanos)].bytes(sent, received);
    }

    TlsTally tls() {
        return tls[RECORDED];
    }

    StatusCounts statuses(int route) {
        return statuses[RECORDED][route];
    }

    void recordRtt(long beganNanos, int micros) {
        if (micros >= 0) {
            latencies[part(beganNanos)].recordRtt(micros * NANOS_PER_MICRO);
        }
    }

    /** Of the first closes all, then one in so many: as {@link #asksForRtt}, and without a branch for the same reason. */
    boolean asksAtClose() {
        return tcpInfoOneIn > 0 && Math.min(closes / RTT_ALL, 1) * (closes++ % tcpInfoOneIn) == 0;
    }

    /** What the kernel knows of a connection that is about to close. */
    void closes(long beganNanos, Vitals vitals) {
        LatencyRecorder to = latencies[part(beganNanos)];
        to.recordTcp(TcpFigure.RTT, vitals.rttMicros * NANOS_PER_MICRO);
        if (vitals.minRttMicros != Vitals.ABSENT) {
            to.recordTcp(TcpFigure.MIN_RTT, vitals.minRttMicros * NANOS_PER_MICRO);
        }
        to.recordTcp(TcpFigure.RETRANSMITS, vitals.retransmits);
        to.recordTcp(TcpFigure.SENT_BYTES, vitals.sentBytes);
        to.recordTcp(TcpFigure.RETRANSMITTED_BYTES, vitals.retransmittedBytes);
        to.recordTcp(TcpFigure.RECEIVED_BYTES, vitals.receivedBytes);
        to.recordTcp(TcpFigure.SENT_SEGMENTS, vitals.sentSegments);
        to.recordTcp(TcpFigure.RECEIVED_SEGMENTS, vitals.receivedSegments);
    }

    /** {@link #RECORDED} or {@link #WARMUP}, by the sign bit: a branch that turns once would be compiled twice. */
    private int part(long beganNanos) {
        return (int) ((beganNanos - fromNanos) >>> 63) * WARMUP;
    }
}
