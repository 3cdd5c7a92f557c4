package io.tcplab.loadgen.cli;

import io.tcplab.kernel.host.HostFacts;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.lab.Claims;
import io.tcplab.loadgen.lab.Experiment;
import io.tcplab.loadgen.lab.Experiments;
import io.tcplab.loadgen.lab.LabJson;
import io.tcplab.loadgen.lab.LabJunit;
import io.tcplab.loadgen.lab.LabMarkdown;
import io.tcplab.loadgen.lab.LabResult;
import io.tcplab.loadgen.lab.LabRunner;
import io.tcplab.loadgen.lab.LabStates;
import io.tcplab.loadgen.lab.LabText;
import io.tcplab.loadgen.plan.CannotRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The behaviour lab on the command line. */
@Command(
        name = "lab",
        description = "Experiments that make the kernel prove or refute what is said about TCP.",
        mixinStandardHelpOptions = true)
final class LabCommand implements Runnable {
    private static final int PARALLEL = 8;
    private static final long LAST_WORDS_SECONDS = 10;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "list", description = "Lists the experiments.", mixinStandardHelpOptions = true)
    int list() {
        PrintWriter out = spec.commandLine().getOut();
        Experiments.all(true).forEach(each -> out.println(LabText.listed(each.card())));
        out.flush();
        return ExitCode.FINE.code();
    }

    @Command(
            name = "show",
            description = "Runs one experiment and shows its page: the idea, the steps, the segments, the verdict.",
            mixinStandardHelpOptions = true)
    int show(
            @Parameters(paramLabel = "ID", description = "An experiment, as lab list names it.") String id,
            @Option(names = "--plan", description = "Print the idea only; run nothing.") boolean plan)
            throws CannotRun {
        List<Experiment> one = chosen(List.of(id), true);
        PrintWriter out = spec.commandLine().getOut();
        if (plan) {
            one.forEach(each -> out.print(LabText.plan(each.card())));
            out.flush();
            return ExitCode.FINE.code();
        }
        Session session = new Session(1, _ -> {});
        List<LabResult> results = session.run(one, 1);
        results.forEach(each -> out.print(LabText.page(each)));
        out.flush();
        return session.exitCode(results);
    }

    @Command(name = "run", description = "Runs experiments.", mixinStandardHelpOptions = true)
    int run(
            @Parameters(paramLabel = "ID", arity = "1..*", description = "Experiments, or all.") List<String> ids,
            @Option(
                            names = "--repeat",
                            paramLabel = "N",
                            defaultValue = "1",
                            description = "Run each so often and say how many runs were alike.")
                    int repeat,
            @Option(names = "--long", description = "With all: those that wait true minutes as well.") boolean withLong,
            @Option(names = "--json", description = "Print one JSON object on stdout, and nothing else.") boolean json,
            @Option(names = "--junit", paramLabel = "FILE", description = "Write a JUnit XML report.") @Nullable
                    Path junit,
            @Option(names = "--markdown", paramLabel = "FILE", description = "Write a report in Markdown.") @Nullable
                    Path markdown,
            @Option(
                            names = "--parallel",
                            paramLabel = "N",
                            defaultValue = "" + PARALLEL,
                            description = "How many run at a time (${DEFAULT-VALUE}).")
                    int parallel)
            throws CannotRun {
        if (repeat < 1 || parallel < 1) {
            throw new ParameterException(spec.commandLine(), "--repeat and --parallel are at least 1.");
        }
        PrintWriter out = spec.commandLine().getOut();
        Session session = new Session(
                parallel,
                json
                        ? _ -> {}
                        : result -> {
                            out.println(LabText.line(result));
                            out.flush();
                        });
        long start = System.nanoTime();
        List<LabResult> results = session.run(chosen(ids, withLong), repeat);
        double seconds = (System.nanoTime() - start) / 1e9;
        String kernel = HostFacts.read().kernelRelease();
        if (!json && ids.contains("all")) {
            out.println("\n" + LabStates.drawing(results));
        }
        out.print(json ? LabJson.of(results, kernel) : LabText.total(results, seconds) + "\n");
        out.flush();
        write(junit, () -> LabJunit.of(results));
        write(markdown, () -> LabMarkdown.of(results, kernel));
        return session.exitCode(results);
    }

    @Command(
            name = "claims",
            description = "Runs what bears on a claim of the documents and prints the verdict on each of them.",
            mixinStandardHelpOptions = true)
    int claims(
            @Option(names = "--long", description = "The experiments that wait true minutes as well.") boolean withLong,
            @Option(names = "--json", description = "Print one JSON object on stdout, and nothing else.") boolean json)
            throws CannotRun {
        Session session = new Session(PARALLEL, _ -> {});
        List<Experiment> bearing = Experiments.all(withLong).stream()
                .filter(each -> !each.card().claims().isEmpty())
                .toList();
        List<LabResult> results = session.run(bearing, 1);
        List<Claims.Answer> answers = Claims.answers(results);
        String kernel = HostFacts.read().kernelRelease();
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? LabJson.claims(answers, kernel) : LabText.claims(answers, kernel));
        out.flush();
        return session.exitCode(results);
    }

    private List<Experiment> chosen(List<String> ids, boolean withLong) {
        List<Experiment> chosen = new ArrayList<>();
        for (String id : ids) {
            if (id.equalsIgnoreCase("all")) {
                chosen.addAll(Experiments.all(withLong));
            } else {
                chosen.add(Experiments.byId(id)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(),
                                "no experiment " + id + "; there are " + String.join(", ", Experiments.idsLike(id))
                                        + ".")));
            }
        }
        return chosen.stream().distinct().toList();
    }

    private interface Text {
        String get();
    }

    private static void write(@Nullable Path file, Text text) throws CannotRun {
        if (file == null) {
            return;
        }
        try {
            Files.writeString(file, text.get());
        } catch (IOException e) {
            throw new CannotRun("cannot write " + file + ": " + e.getMessage());
        }
    }

    /** One run of experiments, which Ctrl-C ends in order. */
    private final class Session {
        private final LabRunner runner;

        Session(int parallel, Consumer<LabResult> listener) throws CannotRun {
            Optional<String> obstacle = UserNamespace.obstacle();
            if (obstacle.isEmpty()) {
                reexecute();
            } else {
                PrintWriter err = spec.commandLine().getErr();
                err.println("tcplab: " + obstacle.get() + " Experiments that need namespaces are left out.");
                err.flush();
            }
            this.runner = new LabRunner(obstacle, parallel, listener);
        }

        private static void reexecute() throws CannotRun {
            try {
                UserNamespace.reexecIfNeeded();
            } catch (IOException e) {
                throw new CannotRun("cannot enter a user namespace: " + e.getMessage());
            }
        }

        List<LabResult> run(List<Experiment> experiments, int repeat) {
            CountDownLatch finished = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                if (finished.getCount() > 0) {
                    runner.interrupt();
                    try {
                        boolean _ = finished.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                }
            }));
            try {
                return runner.run(experiments, repeat);
            } finally {
                finished.countDown();
            }
        }

        int exitCode(List<LabResult> results) {
            if (runner.interrupted()) {
                return ExitCode.INTERRUPTED.code();
            }
            boolean passed = results.stream().allMatch(each -> each.passed() && each.alike() == each.runs());
            return (passed ? ExitCode.FINE : ExitCode.NOT_MET).code();
        }
    }
}
