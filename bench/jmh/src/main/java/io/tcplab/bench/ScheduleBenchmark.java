package io.tcplab.bench;

import io.tcplab.loadgen.pace.ArrivalSchedule;
import io.tcplab.loadgen.pace.DeadlineQueue;
import io.tcplab.loadgen.pace.RouteChoice;
import io.tcplab.loadgen.plan.Load;
import io.tcplab.loadgen.plan.Load.Arrivals;
import java.util.List;
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

/** What it costs to know when and as what the next connection starts, and to set a timeout and take it away. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ScheduleBenchmark {

    private final ArrivalSchedule constant = ArrivalSchedule.of(open(Arrivals.CONSTANT), 1);
    private final ArrivalSchedule poisson = ArrivalSchedule.of(open(Arrivals.POISSON), 1);
    private final RouteChoice choice = new RouteChoice(new double[] {80, 15, 5}, 1);
    private final DeadlineQueue deadlines = new DeadlineQueue();
    private final DeadlineQueue.Entry[] entries = new DeadlineQueue.Entry[1000];
    private long index;

    public ScheduleBenchmark() {
        for (int i = 0; i < entries.length; i++) {
            entries[i] = new Entry();
            deadlines.set(entries[i], i);
        }
    }

    private static Load.Open open(Arrivals arrivals) {
        return new Load.Open(List.of(new Load.RateSegment(20_000, 20_000, Long.MAX_VALUE)), arrivals);
    }

    /** An entry that is never due. */
    private static final class Entry extends DeadlineQueue.Entry {
        @Override
        protected void due(long nowNanos) {}
    }

    @Benchmark
    public long constantArrival() {
        return constant.dueNanos(index++);
    }

    @Benchmark
    public long poissonArrival() {
        return poisson.dueNanos(index++);
    }

    @Benchmark
    public int memberOfThree() {
        return choice.routeOf(index++);
    }

    /** Among 1,000 others, as a connection does with each step that has to wait. */
    @Benchmark
    public void timeoutSetAndCleared() {
        DeadlineQueue.Entry entry = entries[(int) (index % entries.length)];
        deadlines.clear(entry);
        deadlines.set(entry, ++index + entries.length);
    }
}
