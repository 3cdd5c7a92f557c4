package io.tcplab.loadgen.cli;

import io.tcplab.companion.control.DurationOption;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.fleet.JoinRequest;
import io.tcplab.loadgen.fleet.ReportedJoin;
import io.tcplab.loadgen.plan.CannotRun;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Joins a load as one of its generators. */
@Command(
        name = "join",
        description = "Joins a load as one of its generators; the lead (tcplab lead) has the profile and the result.",
        mixinStandardHelpOptions = true)
final class JoinCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(
            paramLabel = "HOST:PORT",
            converter = EndpointOption.class,
            description = "Where the lead listens; it may be started later.")
    private Endpoint lead;

    @Mixin
    private TokenOptions token;

    @Option(
            names = "--as",
            paramLabel = "GROUP",
            description = "Belong to this group of generators; each group generates the whole load and is compared.")
    private @Nullable String group;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            defaultValue = "2min",
            converter = DurationOption.class,
            description = "How long to try to reach the lead (2min).")
    private Duration patience;

    @Option(names = "--quiet", description = "Print errors only.")
    private boolean quiet;

    @Override
    public Integer call() throws CannotRun {
        JoinRequest request = new JoinRequest(lead, token.token(), group, patience);
        return ReportedJoin.run(request, spec.commandLine().getErr(), quiet).code();
    }
}
