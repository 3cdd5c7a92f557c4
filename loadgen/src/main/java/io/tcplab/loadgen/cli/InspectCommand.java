package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.inspect.InspectSession;
import io.tcplab.loadgen.plan.CannotRun;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how a server treats connections. */
@Command(
        name = "inspect",
        description = "Shows how a server treats connections: when and how it closes them, how it handles"
                + " half-closed, silent, slow and pipelining clients, and which requests it loses.",
        mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "HOST:PORT", arity = "0..1", converter = EndpointOption.class, description = "The server.")
    private @Nullable Endpoint target;

    @Mixin
    private InspectOptions options;

    @Option(names = "--list", description = "List the checks without connecting.")
    private boolean list;

    @Override
    public Integer call() throws CannotRun {
        InspectSession session = new InspectSession(options.output(spec.commandLine()));
        if (list) {
            return session.list().code();
        }
        return session.run(options.of(target)).code();
    }
}
