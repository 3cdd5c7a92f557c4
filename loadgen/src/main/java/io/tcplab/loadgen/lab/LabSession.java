package io.tcplab.loadgen.lab;

import io.tcplab.kernel.host.HostFacts;
import io.tcplab.kernel.namespace.UserNamespace;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.run.BadUsage;
import io.tcplab.loadgen.run.ExitCode;
import io.tcplab.loadgen.run.Isolation;
import io.tcplab.loadgen.run.OrderlyEnd;
import io.tcplab.loadgen.run.Output;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The lab as a command uses it: experiments are chosen, run until a signal ends them in order, and printed. */
public final class LabSession {

    private final Output output;
    private final PrintWriter out;

    /** {@code output} has the JUnit XML report's file as well. */
    public LabSession(Output output) {
        this.output = output;
        this.out = output.stdout();
    }

    /** Prints a line for each experiment. */
    public ExitCode list() {
        List<Card> all = Experiments.all(true).stream().map(Experiment::card).toList();
        output.print(
                () -> all.stream().map(each -> LabText.listed(each) + "\n").collect(Collectors.joining()),
                () -> LabJson.list(all));
        return ExitCode.FINE;
    }

    /** Prints the idea of one, and runs nothing. */
    public ExitCode plan(String id) {
        List<Card> cards =
                chosen(List.of(id), true).stream().map(Experiment::card).toList();
        output.print(() -> cards.stream().map(LabText::plan).collect(Collectors.joining()), () -> LabJson.list(cards));
        return ExitCode.FINE;
    }

    /** Runs one and prints its page; {@code packets} is the pcapng file that its packets go to, absent = none. */
    public ExitCode show(String id, @Nullable Path packets) throws CannotRun {
        List<Experiment> one = chosen(List.of(id), true);
        if (packets != null && (one.size() > 1 || UserNamespace.obstacle().isPresent())) {
            throw new BadUsage(
                    one.size() > 1
                            ? "--pcap takes the packets of one experiment: name one."
                            : "--pcap needs network namespaces: "
                                    + UserNamespace.obstacle().get());
        }
        return run(one, 1, 1, _ -> {}, packets, results -> {
            String kernel = HostFacts.read().kernelRelease();
            output.print(
                    () -> results.stream().map(LabText::page).collect(Collectors.joining()),
                    () -> LabJson.of(results, kernel));
        });
    }

    /** Runs those that are named, {@code all} for all, each {@code repeat} times; a line for each, then the sum. */
    public ExitCode run(List<String> ids, int repeat, boolean withLong, int parallel, @Nullable Path markdown)
            throws CannotRun {
        if (repeat < 1 || parallel < 1) {
            throw new BadUsage("--repeat and --parallel must be at least 1.");
        }
        long start = System.nanoTime();
        Consumer<LabResult> each = result -> {
            if (!output.silent()) {
                out.println(LabText.line(result));
                out.flush();
            }
        };
        return run(chosen(ids, withLong), repeat, parallel, each, results -> {
            String total = LabText.total(results, (System.nanoTime() - start) / 1e9) + "\n";
            String drawing = ids.contains("all") ? "\n" + LabStates.drawing(results) + "\n" : "";
            String kernel = HostFacts.read().kernelRelease();
            output.print(() -> drawing + total, () -> LabJson.of(results, kernel));
            output.writeJunit(() -> LabJunit.of(results));
            Output.writeFile(markdown, () -> LabMarkdown.of(results, kernel));
        });
    }

    /** Runs what bears on a claim and prints the verdict on each claim. */
    public ExitCode claims(boolean withLong, int parallel) throws CannotRun {
        List<Experiment> bearing = Experiments.all(withLong).stream()
                .filter(each -> !each.card().claims().isEmpty())
                .toList();
        return run(bearing, 1, parallel, _ -> {}, results -> {
            List<Claims.Answer> answers = Claims.answers(results);
            String kernel = HostFacts.read().kernelRelease();
            output.print(() -> LabText.claims(answers, kernel), () -> LabJson.claims(answers, kernel));
        });
    }

    private static List<Experiment> chosen(List<String> ids, boolean withLong) {
        List<Experiment> chosen = new ArrayList<>();
        for (String id : ids) {
            if (id.equalsIgnoreCase("all")) {
                chosen.addAll(Experiments.all(withLong));
            } else {
                chosen.add(Experiments.byId(id)
                        .orElseThrow(() -> new BadUsage("There is no experiment " + id + "; there are "
                                + String.join(", ", Experiments.idsLike(id)) + ".")));
            }
        }
        return chosen.stream().distinct().toList();
    }

    private interface Printing {
        void print(List<LabResult> results) throws CannotRun;
    }

    private ExitCode run(
            List<Experiment> experiments, int repeat, int parallel, Consumer<LabResult> listener, Printing printing)
            throws CannotRun {
        return run(experiments, repeat, parallel, listener, null, printing);
    }

    private ExitCode run(
            List<Experiment> experiments,
            int repeat,
            int parallel,
            Consumer<LabResult> listener,
            @Nullable Path packets,
            Printing printing)
            throws CannotRun {
        Optional<String> obstacle = UserNamespace.obstacle();
        if (obstacle.isEmpty()) {
            Isolation.NETNS.enter();
        } else {
            output.stderr().println("tcplab: " + obstacle.get() + " Experiments that need namespaces are left out.");
            output.stderr().flush();
        }
        LabRunner runner = new LabRunner(obstacle, parallel, listener, packets);
        try (OrderlyEnd _ = OrderlyEnd.onSignal(runner::interrupt)) {
            List<LabResult> results = runner.run(experiments, repeat);
            printing.print(results);
            if (runner.interrupted()) {
                return ExitCode.INTERRUPTED;
            }
            boolean passed = results.stream().allMatch(each -> each.passed() && each.alike() == each.runs());
            return passed ? ExitCode.FINE : ExitCode.NOT_MET;
        }
    }
}
