package io.tcplab.loadgen.inspect;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's process before and after an inspection: whether anything of ours was left behind, and whether it came to harm.
 *
 * @param pid of the process that holds the listener; with several, the one with the fewest descriptors left
 * @param program its name
 * @param processes how many hold the listener
 * @param replaced whether another process holds it afterwards
 * @param descriptorsBefore that all who hold a listener had open; absent where that is hidden
 * @param descriptorsAfter likewise, once what the inspection opened had a moment to be closed
 * @param closeWaits connections of ours that the server still holds in CLOSE_WAIT then
 * @param log files or streams that were read; empty where there is none to read
 * @param logLines lines that were written meanwhile
 * @param crashes those of them that speak of a crash, the first few
 */
public record ServerHealth(
        long pid,
        String program,
        int processes,
        boolean replaced,
        @Nullable Long descriptorsBefore,
        @Nullable Long descriptorsAfter,
        long closeWaits,
        List<String> log,
        long logLines,
        List<String> crashes) {

    /** In one line. */
    public String words() {
        List<String> words = new ArrayList<>();
        words.add(program + " (pid " + pid + (processes > 1 ? " and " + (processes - 1) + " more" : "") + ")"
                + (replaced ? ", replaced meanwhile" : ""));
        words.add(
                descriptorsBefore == null || descriptorsAfter == null
                        ? "its descriptors are hidden"
                        : "descriptors " + descriptorsBefore + " before and " + descriptorsAfter + " after");
        words.add(
                closeWaits == 0 ? "no CLOSE_WAIT of ours left" : closeWaits + " of our connections left in CLOSE_WAIT");
        words.add(
                log.isEmpty()
                        ? "no log to read"
                        : crashes.isEmpty()
                                ? "its log (" + String.join(", ", log) + ") has " + logLines
                                        + " new lines, none of a crash"
                                : "its log speaks of a crash: " + crashes.getFirst());
        return String.join("; ", words);
    }
}
