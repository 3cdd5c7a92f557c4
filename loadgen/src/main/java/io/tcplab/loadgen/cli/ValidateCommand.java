package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Checks a profile by its reader and its JSON Schema, without opening a socket. */
@Command(name = "validate", description = "Checks a profile without running it.", mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "PROFILE", description = "The profile (a YAML file).")
    private Path file;

    @Mixin
    private ProfileOptions options;

    @Override
    public Integer call() {
        List<String> problems = options.problems(file);
        if (!problems.isEmpty()) {
            problems.forEach(each -> spec.commandLine().getErr().println("tcplab: " + each));
            return ExitCode.BAD_USAGE.code();
        }
        Profile profile = options.read(file);
        spec.commandLine()
                .getOut()
                .println(file + ": fine (" + profile.name() + ", "
                        + profile.mix().size() + (profile.mix().size() == 1 ? " kind" : " kinds") + " of connection)");
        return ExitCode.FINE.code();
    }
}
