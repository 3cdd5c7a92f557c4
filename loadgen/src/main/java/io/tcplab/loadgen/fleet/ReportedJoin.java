package io.tcplab.loadgen.fleet;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.OrderlyEnd;
import java.io.PrintWriter;
import java.security.Security;

/** A generator as a command makes it: a signal ends it in order, and its lead does without it. */
public final class ReportedJoin {

    private ReportedJoin() {}

    /** Joins and generates; what the load came to is the lead's to report. */
    public static ExitCode run(JoinRequest request, PrintWriter stderr, boolean quiet) throws CannotRun {
        // The JDK would know for ten seconds that a name does not exist which the engine is about to give a container.
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
        JoinSession session = new JoinSession(request, _ -> {}, sentence -> {
            if (!quiet) {
                stderr.println("tcplab: " + sentence);
            }
        });
        try (OrderlyEnd _ = OrderlyEnd.onSignal(session::interrupt)) {
            session.run();
            return ExitCode.FINE;
        }
    }
}
