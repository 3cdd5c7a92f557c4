package io.tcplab.loadgen.run;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.result.Summary;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run.
 *
 * @param summary as it was, or was to be, written
 * @param directory where everything was written
 * @param notWritten why some of it was not; absent = all is there
 */
public record RunResult(
        Summary summary, Path directory, @Nullable String notWritten) {

    /** With everything written. */
    public RunResult(Summary summary, Path directory) {
        this(summary, directory, null);
    }

    /** Throws where something was not written. */
    public RunResult written() throws CannotRun {
        if (notWritten != null) {
            throw new CannotRun("The result cannot be written to " + directory + " (" + notWritten
                    + "): free space there, or choose another place with --out.");
        }
        return this;
    }
}
