package io.tcplab.loadgen.rounds.docker;

import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.run.DueAction;
import io.tcplab.loadgen.view.PipedRuns;
import io.tcplab.loadgen.view.PipedView;
import io.tcplab.loadgen.view.Undertaking;
import io.tcplab.loadgen.view.View;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A load that a generator in a container generates: its profile is put there, and what it has written is fetched from there. */
final class ContainedLoad {

    /** Where the generator finds its profile. */
    static final String PROFILE = "/tmp/profile.yaml";

    private static final String RESULT = "/tmp/result";

    /** The exit codes of a run that has a result. */
    private static final Set<Integer> RAN = Set.of(0, 3, 4, 130);

    /** In this order: a directory with a summary is a finished run. */
    private static final List<String> FILES = List.of(
            ResultsDirectory.ENVIRONMENT,
            ResultsDirectory.LATENCIES,
            ResultsDirectory.TIMELINE,
            ResultsDirectory.REPORT,
            ResultsDirectory.SUMMARY);

    private final View view;

    /** Set by an interruption; volatile: threads that begin a round must see it. */
    private volatile boolean interrupted;

    /** Whose load runs; volatile: the thread of an interruption must see it. Of one run at a time. */
    private volatile @Nullable CellContainer generating;

    ContainedLoad(View view) {
        this.view = view;
    }

    /** The profile as it is in a container: with these sources in place of its own, and its sysctls left to the engine. */
    static Profile fit(Profile profile, List<String> sources) {
        List<InetAddress> addresses = new ArrayList<>();
        for (String source : sources) {
            try {
                addresses.add(InetAddress.getByName(source));
            } catch (UnknownHostException e) {
                throw new AssertionError("a literal address needs no resolver", e);
            }
        }
        return profile.withSources(addresses).withoutSysctls();
    }

    /** Generates it with {@code more} arguments, and fetches its files; what it says meanwhile goes to {@code actions} and the view. */
    void generate(
            Profile profile,
            CellContainer generator,
            List<String> more,
            ContainerActions actions,
            ResultsDirectory into)
            throws CannotRun {
        if (interrupted) {
            throw new CannotRun("Interrupted.");
        }
        List<String> command = new ArrayList<>(List.of("tcplab", "run", PROFILE, "--quiet", "--out=" + RESULT));
        command.addAll(more);
        generating = generator;
        PipedRuns seen = new PipedRuns(view, Undertaking.of(profile), 1);
        String piped = seen.areSeen() ? " " + PipedView.ARGUMENT : "";
        String options = "TCPLAB_JAVA_OPTS=-Dtcplab.isolation=docker " + DueAction.OPTION + piped;
        RunningContainer.Ended ended = generator.call(command, options, line -> {
            actions.line(line);
            seen.take(0, line);
        });
        generating = null;
        if (!RAN.contains(ended.exitCode())) {
            String said = ended.stderr().strip();
            throw new CannotRun(
                    said.isEmpty()
                            ? "The generator's container ended with exit code " + ended.exitCode() + "."
                            : said.replaceFirst("^tcplab: ", ""));
        }
        for (String file : FILES) {
            generator.take(RESULT + "/" + file, into.file(file));
        }
    }

    /** From now on none begins. */
    void interrupt() {
        interrupted = true;
    }

    /** Ends the one that runs as a signal does; false where none runs. */
    boolean end() {
        CellContainer current = generating;
        return current != null && current.endJava();
    }
}
