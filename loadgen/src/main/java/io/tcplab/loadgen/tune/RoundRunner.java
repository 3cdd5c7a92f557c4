package io.tcplab.loadgen.tune;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.CannotRun;
import io.tcplab.loadgen.run.RunRequest;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.run.RunSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Runs a profile once, in conditions of its own, into a directory below the comparison's. Any thread may interrupt. */
public final class RoundRunner {

    private final Path directory;
    private final Set<RunSession> running = ConcurrentHashMap.newKeySet();

    /** Set by an interruption; volatile: threads that begin a round must see it. */
    private volatile boolean interrupted;

    public RoundRunner(Path directory) {
        this.directory = directory;
    }

    /** Runs; the round's files go to {@code <directory>/<name>-<round>}. */
    public RunResult run(Profile profile, RunRequest.Isolation isolation, String name, int round) throws CannotRun {
        Path out = directory.resolve(fileName(name) + "-" + round);
        RunSession session =
                new RunSession(new RunRequest(profile, null, null, isolation, List.of(), out, directory), _ -> {});
        running.add(session);
        try {
            if (interrupted) {
                session.interrupt();
            }
            return session.run();
        } finally {
            running.remove(session);
        }
    }

    /** Ends what runs, soon. */
    public void interrupt() {
        interrupted = true;
        running.forEach(RunSession::interrupt);
    }

    /** Whether it was interrupted. */
    public boolean interrupted() {
        return interrupted;
    }

    static String fileName(String name) {
        return name.replaceAll("[^A-Za-z0-9._=-]+", "_").replaceFirst("^[._]+", "");
    }
}
