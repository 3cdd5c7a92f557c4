package io.tcplab.bench;

import io.tcplab.loadgen.record.ConnectionOutcome;
import io.tcplab.loadgen.record.LatencyRecorder;
import io.tcplab.loadgen.record.Ledger;
import io.tcplab.loadgen.record.Metric;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to record. A connection with one exchange counts five times and records seven latencies. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordBenchmark {

    private static final int SPREAD = 1 << 16;

    private final LatencyRecorder latencies = new LatencyRecorder(1, 0);
    private final Ledger ledger = new Ledger();
    private int turn;

    private long nextNanos() {
        turn = (turn * 1_103_515_245 + 12_345) & (SPREAD - 1);
        return 8_000L + turn;
    }

    @Benchmark
    public void count() {
        ledger.started();
    }

    @Benchmark
    public void latency() {
        latencies.record(0, Metric.CONNECT, nextNanos());
    }

    @Benchmark
    public long clock() {
        return System.nanoTime();
    }

    /** All of what one connection with one exchange records. */
    @Benchmark
    public void connection() {
        ledger.started();
        latencies.record(0, Metric.START_DELAY, nextNanos());
        ledger.connectCalled();
        ledger.established();
        latencies.record(0, Metric.CONNECT, nextNanos());
        ledger.exchanged();
        latencies.record(0, Metric.SERVICE, nextNanos());
        latencies.record(0, Metric.RESPONSE, nextNanos());
        latencies.record(0, Metric.CLOSE_CALL, nextNanos());
        latencies.record(0, Metric.TEARDOWN, nextNanos());
        latencies.record(0, Metric.LIFETIME, nextNanos());
        ledger.ended(ConnectionOutcome.COMPLETED);
    }
}
