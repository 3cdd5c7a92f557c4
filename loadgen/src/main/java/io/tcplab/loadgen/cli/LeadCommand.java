package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.fleet.LeadRequest;
import io.tcplab.loadgen.fleet.ReportedLead;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.run.Output;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Leads one load of many generators. */
@Command(
        name = "lead",
        description =
                "Runs a load profile on N generators that join it: divides the load, starts them together, merges their results.",
        mixinStandardHelpOptions = true)
final class LeadCommand implements Callable<Integer> {

    @Parameters(paramLabel = "PROFILE", description = "The profile (a YAML file); generators need no copy.")
    private Path file;

    @Mixin
    private LoadOptions load;

    @Mixin
    private MetricsOption metrics;

    @Mixin
    private TokenOptions token;

    @Mixin
    private FleetOptions fleet;

    @Override
    public Integer call() throws CannotRun {
        Profile profile = load.read(file);
        Output result = load.outputWithLines();
        LeadRequest request = new LeadRequest(
                profile,
                load.remote(),
                fleet.generators,
                fleet.listen,
                token.token(),
                fleet.groups,
                result.directory(),
                Path.of("results"));
        return new ReportedLead(request, result, metrics.at()).run().code();
    }
}
