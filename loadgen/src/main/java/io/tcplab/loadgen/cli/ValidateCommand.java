package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Checks a profile without opening a socket. */
@Command(name = "validate", description = "Checks a profile without running it.", mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "PROFILE", description = "The profile, a YAML file.")
    private Path file;

    @Mixin
    private ProfileOptions options;

    @Override
    public Integer call() {
        Profile profile = options.read(file);
        spec.commandLine()
                .getOut()
                .println(file + ": fine (" + profile.name() + ", "
                        + profile.mix().size() + (profile.mix().size() == 1 ? " kind" : " kinds") + " of connection)");
        return ExitCode.FINE.code();
    }
}
