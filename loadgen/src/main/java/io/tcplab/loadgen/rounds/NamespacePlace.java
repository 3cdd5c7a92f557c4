package io.tcplab.loadgen.rounds;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.RemoteOptions;
import io.tcplab.loadgen.run.RunRequest;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.run.RunSession;
import io.tcplab.loadgen.view.View;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Rounds of this process, each in network namespaces of its own or, without isolation, on the host. */
public final class NamespacePlace implements RoundPlace {

    private final RemoteOptions remote;
    private final View view;
    private final Set<RunSession> running = ConcurrentHashMap.newKeySet();

    /** Set by an interruption; volatile: threads that begin a round must see it. */
    private volatile boolean interrupted;

    /** With what the user said about a target that we did not start; {@code view} shows each round. */
    public NamespacePlace(RemoteOptions remote, View view) {
        this.remote = remote;
        this.view = view;
    }

    @Override
    public Map<String, String> sysctls(Collection<String> keys) throws CannotRun {
        return FreshNamespace.sysctls(keys);
    }

    @Override
    public RunResult run(Profile profile, Isolation isolation, Path out) throws CannotRun {
        RunSession session = new RunSession(new RunRequest(profile, remote, isolation, out, out), view);
        running.add(session);
        try {
            if (interrupted) {
                session.interrupt();
            }
            return session.run().written();
        } finally {
            running.remove(session);
        }
    }

    @Override
    public void interrupt() {
        interrupted = true;
        running.forEach(RunSession::interrupt);
    }

    /** Each session has removed what it made. */
    @Override
    public void close() {}
}
