package io.tcplab.kernel.sockdiag;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to read 100 sockets out of one netlink datagram; divide by 100 for one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DatagramBenchmark implements Datagram.Visitor {

    private static final int SOCKETS = 100;
    private static final int SOCK_DIAG_BY_FAMILY = 20;
    private static final int SEQUENCE = 42;

    private final int size = Datagram.HEADER + DiagMessage.SIZE;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(SOCKETS * size).order(ByteOrder.nativeOrder());
    private final Datagram datagram = new Datagram(buffer);
    private final Datagram.Progress progress = new Datagram.Progress();
    private int seen;

    @Setup
    public void fill() {
        for (int i = 0; i < SOCKETS; i++) {
            int at = i * size;
            buffer.putInt(at, size);
            buffer.putShort(at + 4, (short) SOCK_DIAG_BY_FAMILY);
            buffer.putInt(at + 8, SEQUENCE);
        }
    }

    @Override
    public void visit(DiagMessage socket) {
        seen++;
    }

    @Benchmark
    public int sockets() {
        datagram.read(SOCKETS * size, SEQUENCE, this, progress);
        return seen;
    }
}
