package io.tcplab.loadgen.cli;

import io.tcplab.loadgen.lab.LabSession;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.Output;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The behaviour lab on the command line. */
@Command(
        name = "lab",
        description = "Runs experiments in which the kernel confirms or refutes common claims about TCP.",
        mixinStandardHelpOptions = true)
final class LabCommand implements Runnable {

    static final int PARALLEL = 8;
    static final String WITH_LONG = "With all, include experiments that take minutes.";
    static final String JSON = "Print a single JSON object on stdout.";

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "list", description = "Lists the experiments.", mixinStandardHelpOptions = true)
    int list(@Option(names = "--json", description = JSON) boolean json) {
        return session(json, null).list().code();
    }

    @Command(
            name = "show",
            description = "Runs one experiment and prints its page: the claim, the steps, the segments, the verdict.",
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "ID", description = "The ID of an experiment, as printed by 'lab list'.")
                    String id,
            @Mixin LabShowOptions options)
            throws CannotRun {
        LabSession session = session(options.json, null);
        return (options.plan ? session.plan(id) : session.show(id, options.pcap)).code();
    }

    @Command(name = "run", description = "Runs experiments.", mixinStandardHelpOptions = true)
    int run(
            @Parameters(paramLabel = "ID", arity = "1..*", description = "IDs of experiments, or all.")
                    List<String> ids,
            @Mixin LabRunOptions options)
            throws CannotRun {
        return session(options.json, options.junit)
                .run(ids, options.repeat, options.withLong, options.parallel, options.markdown)
                .code();
    }

    @Command(
            name = "claims",
            description = "Runs the experiments that test the documents' claims and prints a verdict on each claim.",
            mixinStandardHelpOptions = true)
    int claims(
            @Option(names = "--long", description = WITH_LONG) boolean withLong,
            @Option(names = "--json", description = JSON) boolean json)
            throws CannotRun {
        return session(json, null).claims(withLong, PARALLEL).code();
    }

    private LabSession session(boolean json, @Nullable Path junit) {
        CommandLine line = spec.commandLine();
        return new LabSession(new Output(line.getOut(), line.getErr(), Terminal.ink(), json, false, null, junit));
    }
}
