package io.tcplab.loadgen.result;

import io.tcplab.kernel.counters.KernelCounter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The kernel's counters by name, with a label for each: what thresholds, tables and the timeline call them. */
public final class CounterNames {

    /** Counters with a column of their own, by their ids in {@link KernelCounter}. */
    static final List<String> IN_THE_TIMELINE = List.of(
            "listenOverflows",
            "listenDrops",
            "activeOpens",
            "passiveOpens",
            "attemptFails",
            "establishedResets",
            "outResets",
            "retransmittedSegments",
            "synRetransmits",
            "syncookiesSent",
            "synQueueFullDrops",
            "timeWaits",
            "timeWaitsReused",
            "timeWaitOverflows",
            "abortsOnData",
            "abortsOnClose",
            "abortsOnTimeout");

    private CounterNames() {}

    /**
     * The full name for a counter's id, for the kernel's own word with whatever capitals, or for a full name of a known section; empty
     * for any other.
     */
    public static Optional<String> fullName(String name) {
        if (name.matches("(Tcp|TcpExt|MPTcpExt)\\.[A-Za-z0-9]+")) {
            return Optional.of(name);
        }
        return KernelCounter.byId(name)
                .or(() -> Arrays.stream(KernelCounter.values())
                        .filter(counter -> isKernelWord(name, counter.kernelName()))
                        .findFirst())
                .map(KernelCounter::kernelName);
    }

    /** Whether {@code name} is the last word of {@code full} but for capitals: outRsts for Tcp.OutRsts. */
    public static boolean isKernelWord(String name, String full) {
        return full.toLowerCase(Locale.ROOT).endsWith("." + name.toLowerCase(Locale.ROOT));
    }

    /** A few words; the kernel's own name where this counter is not described. */
    public static String label(String fullName) {
        return KernelCounter.byKernelName(fullName)
                .map(KernelCounter::label)
                .orElseGet(() -> fullName.substring(fullName.indexOf('.') + 1));
    }

    /** What moves it; empty where this counter is not described. */
    public static String sentence(String fullName) {
        return KernelCounter.byKernelName(fullName).map(KernelCounter::meaning).orElse("");
    }
}
