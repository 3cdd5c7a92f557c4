package io.tcplab.loadgen.run;

import io.tcplab.kernel.syscall.Syscalls;
import io.tcplab.loadgen.connection.LoopPlan;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.ClientOptions;
import java.util.BitSet;

/**
 * Which CPUs belong to event loops alone: the last ones that this process may use, one for each loop. As long as this is open, every
 * other thread of the process, and what it starts, has the rest; so no start waits for a thread that compiles or samples.
 */
final class LoopCpus implements AutoCloseable {

    /** The scheduler decides. */
    static final LoopCpus ANY = new LoopCpus(new BitSet());

    private final BitSet own;

    private LoopCpus(BitSet own) {
        this.own = own;
    }

    /** Takes them where the options ask for it; throws CannotRun where there are not enough. */
    static LoopCpus take(ClientOptions options) throws CannotRun {
        if (!options.pinCpu()) {
            return ANY;
        }
        BitSet allowed = Syscalls.affinity(0);
        int loops = options.eventLoops();
        if (allowed.cardinality() <= loops) {
            throw new CannotRun("client.pinCpu needs one CPU per event loop and one for all other threads, "
                    + (loops + 1) + " in total, and this process may use " + allowed.cardinality()
                    + ": lower client.eventLoops or turn pinCpu off.");
        }
        BitSet own = new BitSet();
        for (int cpu = allowed.length(); own.cardinality() < loops; ) {
            cpu = allowed.previousSetBit(cpu - 1);
            own.set(cpu);
        }
        OtherThreads.keepOff(own);
        return new LoopCpus(own);
    }

    /** Whether loops have CPUs of their own. */
    boolean areOwned() {
        return !own.isEmpty();
    }

    /** The CPU of loop number {@code loop}, from 0, or {@link LoopPlan#ANY_CPU}. */
    int of(int loop) {
        int cpu = own.length() - 1;
        for (int i = 0; i < loop && cpu >= 0; i++) {
            cpu = own.previousSetBit(cpu - 1);
        }
        return cpu < 0 ? LoopPlan.ANY_CPU : cpu;
    }

    /** Gives them back to all threads. */
    @Override
    public void close() {
        if (areOwned()) {
            OtherThreads.allow(own);
        }
    }
}
