package io.tcplab.loadgen.inspect.check;

import io.tcplab.loadgen.inspect.Finding;
import io.tcplab.loadgen.inspect.Probe;
import io.tcplab.loadgen.inspect.Witness;
import java.util.OptionalLong;

/** How many descriptors the server's processes have open; absent where it is hidden, on another host or in another namespace. */
record Descriptors(OptionalLong open) {

    private static final long FREED_NANOS = 3_000_000_000L;

    static Descriptors of(Probe probe) {
        return new Descriptors(probe.witness().map(Witness::descriptors).orElse(OptionalLong.empty()));
    }

    /** As many more as this are no accident of other clients. */
    private static final int LEAST = 10;

    /** What {@code times} connections that ended as {@code what} have left behind: waits up to three seconds for them to be freed. */
    static Finding finding(Probe probe, Descriptors before, int times, String what) {
        boolean answers = probe.serverAnswers();
        if (!answers) {
            return Finding.harmful(
                    "the next connection is not answered",
                    "after " + times + " " + what + " a new connection was not answered within 5 s",
                    "The server has to treat ECONNRESET and EPIPE as the end of one connection.");
        }
        if (before.open.isEmpty()) {
            return Finding.asExpected(
                    "the next connections are answered",
                    "answers after " + times + " " + what + "; its descriptors are not visible from here");
        }
        long was = before.open.getAsLong();
        long now = Long.MAX_VALUE;
        long deadline = System.nanoTime() + FREED_NANOS;
        while (now >= was + LEAST && System.nanoTime() < deadline) {
            now = of(probe).open.orElse(was);
        }
        probe.figure("descriptorsBefore", was);
        probe.figure("descriptorsAfter", now);
        if (now >= was + LEAST) {
            return Finding.harmful(
                    "descriptors stay open",
                    now - was + " more descriptors are open 3 s after " + times + " " + what,
                    "The server does not close what was reset: watch ls /proc/PID/fd | wc -l against its limit (ulimit -n).");
        }
        return Finding.asExpected(
                "the next connections are answered",
                "answers after " + times + " " + what + ", and all their descriptors are freed");
    }
}
