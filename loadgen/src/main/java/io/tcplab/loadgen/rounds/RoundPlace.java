package io.tcplab.loadgen.rounds;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.RunResult;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;

/** Where rounds run: in network namespaces of this process, or in containers. Several threads may use it. */
public interface RoundPlace extends AutoCloseable {

    /** What fresh conditions have set, by sysctl; keys that they lack have no entry. */
    Map<String, String> sysctls(Collection<String> keys) throws CannotRun;

    /** Runs a profile once in conditions of its own; the files go to {@code out}. */
    RunResult run(Profile profile, Isolation isolation, Path out) throws CannotRun;

    /** Ends what runs, soon. */
    void interrupt();

    /** Removes what was made. */
    @Override
    void close();
}
