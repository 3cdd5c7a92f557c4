package io.tcplab.loadgen.run;

import io.tcplab.companion.tls.TlsContext;
import io.tcplab.kernel.Side;
import io.tcplab.loadgen.connection.Destination;
import io.tcplab.loadgen.judge.Reconciliation;
import io.tcplab.loadgen.judge.ThresholdCheck;
import io.tcplab.loadgen.judge.warning.Facts;
import io.tcplab.loadgen.judge.warning.Kernels;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.judge.warning.Warnings;
import io.tcplab.loadgen.pace.RandomBits;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Totals;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.view.RunView;
import io.tcplab.loadgen.view.Undertaking;
import io.tcplab.loadgen.view.View;
import io.tcplab.loadgen.watch.BlockingConnect;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.KernelWatch;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.ServerProcess;
import io.tcplab.loadgen.watch.SideSettings;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One run from request to result: target, load, kernel's view, verdict, files. The calling thread's network namespace is the
 * generator's.
 */
public final class RunSession implements EndableRun {

    private final RunRequest request;
    private final View view;

    /** What is seen of this run; set before anything is read. */
    private RunView seen = RunView.UNSEEN;

    /** With whom the run agrees on its beginning and its end. */
    private Others others = Others.NONE;

    /** Whose CPUs are whose, for the time of the run. */
    private LoopCpus loopCpus = LoopCpus.ANY;

    /** Set once the load runs; volatile: the thread that interrupts sees it. */
    private volatile @Nullable LoadRun loadRun;

    /** Set by an interruption that came before the load ran; volatile: the running thread must see it. */
    private volatile boolean interrupted;

    /** What the run says and reads is shown by {@code view}. */
    public RunSession(RunRequest request, View view) {
        this.request = request;
        this.view = view;
    }

    /** From now on this run is one of several of one load. */
    public void joins(Others ofTheSameLoad) {
        others = ofTheSameLoad;
    }

    /** Ends the run early, with complete partial results. May be called from any thread, at any time. */
    @Override
    public void interrupt() {
        interrupted = true;
        LoadRun current = loadRun;
        if (current != null) {
            current.interrupt();
        }
    }

    /** Ends the recorded part now: the result is a whole one of a shorter run. Before that part began it is interrupted instead. */
    @Override
    public void endEarly() {
        LoadRun current = loadRun;
        if (current == null || !current.endEarly()) {
            interrupt();
        }
    }

    /** Runs. Everything that was started is gone when it returns or throws. */
    @Override
    public RunResult run() throws CannotRun {
        Profile profile = withSeed(request.profile());
        PlayedNetwork.check(profile, request);
        seen = view.begins(Undertaking.of(profile));
        try (LoopCpus cpus = LoopCpus.take(profile.client())) {
            loopCpus = cpus;
            return new RunScenes(request, view, seen::row, () -> interrupted).with(profile, this::play);
        }
    }

    private LoadRun prepare(RunScene scene) throws CannotRun {
        Profile profile = scene.profile();
        PlayedNetwork network = scene.network();
        TransportChoice.require(profile.client());
        List<Destination> destinations = new ArrayList<>();
        for (Located each : scene.target().located()) {
            TlsContext.Client tls =
                    TlsClients.of(profile, each.asked(), scene.target().certificate());
            destinations.add(new Destination(each.address(), network == null ? tls : network.logging(tls)));
        }
        LoadRun load = new LoadRun(
                profile, request.share(), destinations, profile.seed() == null ? 0 : profile.seed(), loopCpus);
        if (profile.target() != null && !request.remote().keepGoing()) {
            load.endWhereNothingConnects();
        }
        loadRun = load;
        if (interrupted) {
            load.interrupt();
        }
        return load;
    }

    private RunResult play(RunScene scene) throws IOException, CannotRun {
        Profile profile = scene.profile();
        TargetUnderTest target = scene.target();
        KernelWatch watch = scene.watch();
        PlayedNetwork network = scene.network();
        SideSettings serverSide = scene.serverSide();
        Preflight.checkHost(profile);
        Leftovers before = Leftovers.read(target.addresses(), profile.client().sources());
        LoadRun load = prepare(scene);
        others.looksAt(serverSide, target.address().getPort());
        boolean shared = request.isolation() != Isolation.NETNS && watch.serversAreHere();
        seen.judgedBy(shared, () -> Warnings.soFar(Kernels.soFar(watch.soFar(), serverSide, shared)));
        List<ActionReport> done = new ArrayList<>();
        Measurement measured = execute(scene, load, done);
        others.drained(load.startLateNanos());
        PlayedNetwork.Seen between = network == null ? null : network.finish();
        KernelFigures kernel = watch.finish();
        boolean together = shared && kernel.server() != null;
        ServerProcess ours = target.finish();
        Profile part = request.share().part(profile);
        boolean own = profile.target() == null;
        ServerProcess server = own ? ours : watch.companion();
        List<Reconciled> reconciliation =
                Reconciliation.of(part, measured, kernel, server, together, isOneOfSeveral(profile));
        if (between != null) {
            reconciliation.addAll(between.checks());
        }
        Summary summary = SummaryBuilder.build(
                part,
                target.located(),
                TargetSummaries.of(profile, target.located(), measured, watch.ofTargets()),
                measured,
                kernel,
                reconciliation,
                server,
                watch.clockOffset(),
                before);
        summary = counted(summary.with(done), profile, part, measured);
        if (between != null) {
            summary = summary.with(between.figures());
        }
        Environment environment = Environments.of(
                load.transport(), request.isolation(), profile.tls() != null, shared && !together ? null : serverSide);
        boolean companionLost = own && ours == null && !measured.interrupted();
        summary = judged(part, summary, measured, environment, load, companionLost);
        IOException notWritten = scene.files().finish(environment, summary, Totals.of(measured, summary.targets()));
        RunDirectory.release(scene.files().path());
        checkThatAnythingConnected(load, scene);
        return new RunResult(summary, scene.files().path(), notWritten == null ? null : notWritten.getMessage());
    }

    /** Whether the target serves other generators of the same load, too. */
    private boolean isOneOfSeveral(Profile profile) {
        return request.share().of() > 1 && profile.target() != null;
    }

    /** The result with what one of several generators counted. */
    private Summary counted(Summary summary, Profile profile, Profile part, Measurement measured) {
        return isOneOfSeveral(profile) ? summary.with(Reconciliation.counted(part, measured)) : summary;
    }

    /** The result with its warnings, and with what they and the thresholds make of it. */
    private static Summary judged(
            Profile part,
            Summary summary,
            Measurement measured,
            Environment environment,
            LoadRun load,
            boolean companionLost) {
        List<RunWarning> warnings = Warnings.in(new Facts(
                part,
                measured,
                summary,
                environment,
                load.mishaps(companionLost),
                () -> BlockingConnect.overheadMicros(
                        measured.recordedNanos() / Math.max(1, measured.total().started()))));
        return summary.with(new Verdict(
                Warnings.leaveValid(warnings),
                warnings.stream().map(RunWarning::inWords).toList(),
                ThresholdCheck.evaluate(summary, part.thresholds())));
    }

    private static void checkThatAnythingConnected(LoadRun load, RunScene scene) throws CannotRun {
        if (load.nothingConnected()) {
            throw new CannotRun("The first connections to "
                    + Located.words(scene.target().located())
                    + " all failed to connect, so the run was stopped ("
                    + scene.files().path()
                    + " has what was counted): start the server, or continue anyway with --keep-going.");
        }
    }

    /** Runs the load and, during it, the profile's actions, whose reports are added to {@code done}. */
    private Measurement execute(RunScene scene, LoadRun load, List<ActionReport> done) throws CannotRun {
        StagedServer server = scene.target() instanceof StagedServer staged ? staged : null;
        try (ActionRunner actions = new ActionRunner(scene.profile().actions(), server, scene.network())) {
            ActionReport.Mark first = load.mark();
            LongConsumer begins = nanos -> {
                scene.recordedFrom(nanos);
                seen.recordsFrom(nanos);
                actions.recordedFrom(nanos, load::mark);
            };
            load.prepare();
            Measurement measured = load.execute(others.startNanos(), begins, reading -> write(scene.files(), reading));
            done.addAll(actions.finish(first, load.mark()));
            return measured;
        }
    }

    private void write(RunFiles files, IntervalReading reading) {
        files.append(reading);
        files.append(new TimelineRow(reading.beginSeconds(), Side.CLIENT, TimelineRow.Load.of(reading), null));
        seen.reading(reading);
    }

    /** The same profile with a seed, a fresh one where it has none. */
    public static Profile withSeed(Profile profile) {
        return profile.seed() == null
                ? profile.withSeed(
                        RandomBits.of(System.nanoTime(), ProcessHandle.current().pid(), 0) >>> 1)
                : profile;
    }
}
