package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.Output;
import io.tcplab.loadgen.run.RemoteOptions;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What every command takes that runs load by a profile: changes of the profile, what its target needs, and where the result goes. */
final class LoadOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private ProfileOptions profile;

    @Mixin
    private TargetOptions target;

    @Mixin
    private OutputOptions output;

    /** Reads the profile with what the options change. */
    Profile read(Path file) {
        return profile.read(file);
    }

    /** As {@link #read(Path)}, with these in place of those of {@code --set}. */
    Profile read(Path file, List<String> insteadOfSets) {
        return profile.read(file, insteadOfSets);
    }

    /** The values of {@code --set}, as they were given. */
    List<String> sets() {
        return profile.sets();
    }

    /** Whether the recorded time was given. */
    boolean hasDuration() {
        return profile.hasDuration();
    }

    RemoteOptions remote() {
        return target.options();
    }

    Output output() {
        return output.of(command.commandLine());
    }

    /** The same, with a line each second where there is no terminal too. */
    Output outputWithLines() {
        return output.withLines(command.commandLine());
    }
}
