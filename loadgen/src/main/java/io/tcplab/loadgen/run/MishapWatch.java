package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.IncomingPackets;
import io.tcplab.loadgen.judge.warning.Facts;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong here beside the load while it records: stalls of this process, packets that this machine drops, faults of ours. From
 * {@link #begin} to {@link #end} of the thread that runs the load; faults come from any.
 */
final class MishapWatch {

    /** Volatile: the harvesting thread may write it. */
    private volatile @Nullable RuntimeException firstFault;

    private @Nullable StallWatch stalls;
    private long stalledNanos;
    private long longestStallNanos;
    private long droppedBefore;
    private long packetsDropped;

    void begin() {
        stalls = StallWatch.begin();
        droppedBefore = IncomingPackets.dropped();
    }

    void end() {
        try (StallWatch watched = Objects.requireNonNull(stalls)) {
            stalledNanos = watched.totalNanos();
            longestStallNanos = watched.longestNanos();
        }
        packetsDropped = IncomingPackets.dropped() - droppedBefore;
    }

    /** A fault of ours in a part that the load can do without: the run goes on, and its result is not valid. */
    void broke(RuntimeException fault) {
        if (firstFault == null) {
            firstFault = fault;
        }
    }

    /** What a scheduler runs must not throw: it would run it no more, and tell nobody. */
    void guarded(Runnable part) {
        try {
            part.run();
        } catch (RuntimeException e) {
            broke(e);
        } catch (Error e) {
            broke(new IllegalStateException(e.toString(), e));
        }
    }

    /** All of it. */
    Facts.Mishaps seen(boolean companionLost, boolean interruptedInWarmup) {
        return new Facts.Mishaps(
                stalledNanos, longestStallNanos, packetsDropped, companionLost, interruptedInWarmup, firstFault);
    }
}
