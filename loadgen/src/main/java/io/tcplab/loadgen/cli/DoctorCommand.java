package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.JsonText;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.ServerDiagnosis;
import io.tcplab.loadgen.watch.Doctor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what this host can do before a run finds out. */
@Command(
        name = "doctor",
        description =
                "Checks what this host allows, in general or for a profile: ports, descriptors, backlog, conntrack, sysctls.",
        mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "PROFILE", description = "Check what this profile needs.")
    private @Nullable Path file;

    @Mixin
    private ProfileOptions options;

    @Option(names = "--json", description = "Print a single JSON object on stdout.")
    private boolean json;

    @Override
    public Integer call() {
        Profile profile = file == null ? null : options.read(file);
        List<Endpoint> targets = profile == null ? options.targets() : profile.askedTargets();
        List<Doctor.Check> checks = new ArrayList<>(Doctor.examine(profile, targets));
        targets.forEach(target -> checks.addAll(ServerDiagnosis.checks(target)));
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.print(JsonText.of(Map.of("checks", checks)));
        } else {
            for (Doctor.Check check : checks) {
                stdout.printf(Locale.ROOT, "%s %-16s %s%n", check.ok() ? "ok  " : "FAIL", check.code(), check.advice());
            }
        }
        stdout.flush();
        boolean fine = checks.stream().allMatch(Doctor.Check::ok);
        return (fine ? ExitCode.FINE : ExitCode.NOT_MET).code();
    }
}
