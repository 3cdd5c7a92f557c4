package io.tcplab.bench;

import io.tcplab.companion.protocol.Frame;
import io.tcplab.companion.protocol.Pattern;
import java.lang.foreign.Arena;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to write a request and to verify a response byte by byte. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBenchmark {

    @Param({"64", "1024", "65536"})
    public int bytes;

    private final long memory = Arena.global().allocate(1 << 17, 64).address();
    private int seed;

    @Setup
    public void receive() {
        Pattern.copy(7, 0, memory, bytes);
    }

    @Benchmark
    public void header() {
        Frame.encode(memory + (1 << 16), null, 0, bytes, bytes, seed++);
    }

    @Benchmark
    public void body() {
        Pattern.copy(seed++, 0, memory + (1 << 16), bytes);
    }

    @Benchmark
    public boolean verify() {
        return Pattern.matches(memory, bytes, 7, 0);
    }
}
