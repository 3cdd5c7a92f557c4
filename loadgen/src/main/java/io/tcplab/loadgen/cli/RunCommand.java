package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.report.text.Ink;
import io.tcplab.loadgen.report.text.TextReport;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.SummaryJson;
import io.tcplab.loadgen.run.RunRequest;
import io.tcplab.loadgen.run.RunResult;
import io.tcplab.loadgen.run.RunSession;
import io.tcplab.loadgen.run.ShardedRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a load profile. */
@Command(
        name = "run",
        description = {
            "Runs a load profile. Without --target it starts a companion target of its own on loopback.",
        },
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    private static final long LAST_WORDS_SECONDS = 20;
    private static final int MOST_SHARDS = 256;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Parameters(paramLabel = "PROFILE", description = "The profile, a YAML file.")
    private Path file;

    @Mixin
    private ProfileOptions options;

    @Option(
            names = "--isolate",
            paramLabel = "none|netns",
            defaultValue = "none",
            description = "netns: target and generator each in a network namespace of its own, joined by a veth pair"
                    + " (198.18.0.0/24), with the profile's sysctls; root or not.")
    private RunRequest.Isolation isolation = RunRequest.Isolation.NONE;

    @Option(names = "--out", paramLabel = "DIR", description = "Write the result into this directory.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Print summary.json on stdout, and nothing else.")
    private boolean json;

    @Option(names = "--quiet", description = "Print nothing but errors.")
    private boolean quiet;

    @Option(
            names = "--observe",
            paramLabel = "HOST:PORT",
            description =
                    "Control endpoint of a companion or of 'tcplab observe' beside the target: the server's side of the result.")
    private @Nullable String observe;

    @Option(names = "--observe-token", paramLabel = "TOKEN", description = "What that endpoint asks for.")
    private @Nullable String observeToken;

    @Option(
            names = "--shards",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Divide the load among N generator processes, each with a companion port of its own unless there is"
                            + " a --target, and merge their results: for more open connections than one process may have.")
    private int shards = 1;

    @Option(
            names = "--i-may-test",
            paramLabel = "HOST",
            description = "You have leave to send load to this host; needed for a public address.")
    private List<String> mayTest = new ArrayList<>();

    @Override
    public Integer call() throws CannotRun {
        ShardedRun.endWithParent();
        if (shards < 1 || shards > MOST_SHARDS) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--shards is " + shards + ", it goes from 1 to " + MOST_SHARDS);
        }
        Profile profile = options.read(file);
        if (isolation != RunRequest.Isolation.NONE) {
            enterUserNamespace();
        } else if (!profile.clientSysctls().isEmpty()
                || !profile.serverSysctls().isEmpty()) {
            throw new CannotRun("The profile sets sysctls, which is never done on the host: add --isolate netns.");
        }
        RunRequest request =
                new RunRequest(profile, observeEndpoint(), observeToken, isolation, mayTest, out, Path.of("results"));
        PrintWriter err = spec.commandLine().getErr();
        Progress progress = new Progress(profile, err, json || quiet);
        RunSession session = new RunSession(request, progress);
        ShardedRun sharded = new ShardedRun(request, shards, Tcplab.class.getName());
        CountDownLatch finished = endInOrder(shards > 1 ? sharded::interrupt : session::interrupt);
        try {
            RunResult result = shards > 1 ? sharded.run() : session.run();
            progress.end();
            print(request, result);
            return exitCode(result.summary());
        } finally {
            finished.countDown();
        }
    }

    private @Nullable Endpoint observeEndpoint() {
        if (observe == null) {
            return null;
        }
        try {
            return Endpoint.parse(observe);
        } catch (IllegalArgumentException wrong) {
            throw new CommandLine.ParameterException(spec.commandLine(), "--observe: " + wrong.getMessage(), wrong);
        }
    }

    /** An ordinary user's process replaces itself by one that may make namespaces; root's goes on. */
    static void enterUserNamespace() throws CannotRun {
        try {
            UserNamespace.reexecIfNeeded();
        } catch (IOException e) {
            throw new CannotRun(
                    UserNamespace.obstacle()
                            .orElse("A user namespace cannot be made: " + e.getMessage() + "; run as root."),
                    e);
        }
    }

    /** Ctrl-C and SIGTERM end the run with complete partial results: the JVM goes on until they are written. */
    private static CountDownLatch endInOrder(Runnable interrupt) {
        CountDownLatch finished = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            if (finished.getCount() > 0) {
                interrupt.run();
                try {
                    boolean _ = finished.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
        }));
        return finished;
    }

    private void print(RunRequest request, RunResult result) {
        PrintWriter stdout = spec.commandLine().getOut();
        if (json) {
            stdout.print(SummaryJson.write(result.summary()));
        } else if (!quiet) {
            stdout.print(TextReport.render(result.summary(), request.profile(), result.directory(), ink()));
        }
        stdout.flush();
    }

    private static Ink ink() {
        return Ink.of(Terminal.isInteractive(), System.getenv());
    }

    private static int exitCode(Summary summary) {
        if (summary.interrupted()) {
            return ExitCode.INTERRUPTED.code();
        } else if (!summary.valid()) {
            return ExitCode.NOT_TO_BE_BELIEVED.code();
        }
        return (summary.thresholdsKept() ? ExitCode.FINE : ExitCode.NOT_MET).code();
    }
}
