package io.tcplab.loadgen.run;

import io.tcplab.kernel.syscall.Forks;
import java.io.IOException;

/** The command of an action. */
public final class ActionCommand {

    private ActionCommand() {}

    /** Runs it without input and output, and returns its exit code; a thread that is interrupted ends it. */
    public static int run(ProcessBuilder builder) throws IOException, InterruptedException {
        Process process = Forks.start(
                builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD));
        try {
            process.getOutputStream().close();
            return process.waitFor();
        } finally {
            process.destroyForcibly();
        }
    }
}
