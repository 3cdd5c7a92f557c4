package io.tcplab.loadgen.cli;

import io.tcplab.kernel.counters.SocketStat;
import io.tcplab.loadgen.run.RunRequest;
import java.util.List;

/** What earlier rounds left on a host that all rounds share: TIME_WAITs take ports and memory for 60 s. In fresh namespaces, nothing. */
final class Leftovers {

    private final RunRequest.Isolation isolation;
    private long most;

    Leftovers(RunRequest.Isolation isolation) {
        this.isolation = isolation;
    }

    /** Looks at the host before a round. */
    void look() {
        if (isolation == RunRequest.Isolation.NONE) {
            most = Math.max(most, timeWaits());
        }
    }

    private static long timeWaits() {
        return SocketStat.read().timeWait();
    }

    /** What a reader must know about it. */
    List<String> notes() {
        if (isolation != RunRequest.Isolation.NONE) {
            return List.of();
        }
        return List.of("all rounds shared this host's network namespace: a round began with up to " + most
                + " TIME_WAITs of earlier work; --isolate netns gives each round fresh ones.");
    }
}
