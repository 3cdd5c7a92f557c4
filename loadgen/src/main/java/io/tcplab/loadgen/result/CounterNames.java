package io.tcplab.loadgen.result;

import io.tcplab.kernel.counters.KernelCounter;
import java.util.List;

/** The kernel's counters by name, with a label for each: what tables and the timeline call them. */
public final class CounterNames {

    /** Counters with a column of their own, called by their ids. */
    static final List<KernelCounter> IN_THE_TIMELINE = List.of(
            KernelCounter.LISTEN_OVERFLOWS,
            KernelCounter.LISTEN_DROPS,
            KernelCounter.ACTIVE_OPENS,
            KernelCounter.PASSIVE_OPENS,
            KernelCounter.ATTEMPT_FAILS,
            KernelCounter.ESTABLISHED_RESETS,
            KernelCounter.OUT_RESETS,
            KernelCounter.RETRANSMITTED_SEGMENTS,
            KernelCounter.SYN_RETRANSMITS,
            KernelCounter.SYNCOOKIES_SENT,
            KernelCounter.SYN_QUEUE_FULL_DROPS,
            KernelCounter.TIME_WAITS,
            KernelCounter.TIME_WAITS_REUSED,
            KernelCounter.TIME_WAIT_OVERFLOWS,
            KernelCounter.ABORTS_ON_DATA,
            KernelCounter.ABORTS_ON_CLOSE,
            KernelCounter.ABORTS_ON_TIMEOUT);

    private CounterNames() {}

    /** A few words; the kernel's own name where this counter is not described. */
    public static String label(String fullName) {
        return KernelCounter.byKernelName(fullName)
                .map(KernelCounter::label)
                .orElseGet(() -> fullName.substring(fullName.indexOf('.') + 1));
    }

    /** What it counts; empty where this counter is not described. */
    public static String sentence(String fullName) {
        return KernelCounter.byKernelName(fullName).map(KernelCounter::meaning).orElse("");
    }
}
