package io.tcplab.loadgen.run;

import io.tcplab.companion.tls.TlsContext;
import io.tcplab.kernel.Side;
import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.connection.Destination;
import io.tcplab.loadgen.judge.Reconciliation;
import io.tcplab.loadgen.judge.ThresholdCheck;
import io.tcplab.loadgen.judge.warning.Facts;
import io.tcplab.loadgen.judge.warning.Kernels;
import io.tcplab.loadgen.judge.warning.RunWarning;
import io.tcplab.loadgen.judge.warning.Warnings;
import io.tcplab.loadgen.pace.RandomBits;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.record.IntervalReading;
import io.tcplab.loadgen.record.Measurement;
import io.tcplab.loadgen.result.ActionReport;
import io.tcplab.loadgen.result.Environment;
import io.tcplab.loadgen.result.Reconciled;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.result.Summary;
import io.tcplab.loadgen.result.Verdict;
import io.tcplab.loadgen.view.RunView;
import io.tcplab.loadgen.view.Undertaking;
import io.tcplab.loadgen.view.View;
import io.tcplab.loadgen.watch.BlockingConnect;
import io.tcplab.loadgen.watch.KernelFigures;
import io.tcplab.loadgen.watch.KernelWatch;
import io.tcplab.loadgen.watch.Leftovers;
import io.tcplab.loadgen.watch.OwnAddresses;
import io.tcplab.loadgen.watch.ServerProcess;
import io.tcplab.loadgen.watch.SideSettings;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One run from request to result: target, load, kernel's view, verdict, files. The calling thread's network namespace is the
 * generator's.
 */
public final class RunSession implements ReportedRun.Session {

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
            return runOn(profile);
        }
    }

    private RunResult runOn(Profile profile) throws CannotRun {
        return switch (request.isolation()) {
            case NONE -> runHere(profile);
            case NETNS -> {
                Profile isolated = IsolatedPair.fit(profile);
                try (IsolatedPair pair =
                        IsolatedPair.create(isolated, isolated.needsCable() || request.pcap() != null)) {
                    yield pair.inClient(() -> runIsolated(isolated, pair));
                }
            }
            case LOOPBACK -> {
                try (IsolatedPair pair = IsolatedPair.create(profile, false)) {
                    yield pair.inClient(() -> runTogether(profile, pair));
                }
            }
        };
    }

    private RunResult runHere(Profile profile) throws CannotRun {
        try (TargetUnderTest target =
                        profile.target() == null ? start(profile, ServerPlace.here(), List.of()) : foreign(profile);
                RunFiles files = RunFiles.create(directory(profile), profile, seen::row)) {
            Duration interval = Duration.ofNanos(profile.observeIntervalNanos());
            try (KernelWatch watch = watch(addresses(target), interval, files)) {
                SideSettings here = areHere(target) ? SideSettings.here() : null;
                return run(profile, target, files, watch, null, here == null ? watch.remoteSide() : here);
            }
        } catch (IOException | UncheckedIOException e) {
            throw notWritten(e);
        }
    }

    /** Starts the profile's own server, or a companion, which the prefix brings to where it is to run. */
    private static TargetUnderTest start(Profile profile, ServerPlace place, List<String> prefix) throws CannotRun {
        OwnServer own = profile.ownServer();
        return own == null
                ? ChildCompanion.start(profile, place.addresses().getFirst().getHostAddress(), prefix)
                : StagedServer.start(own, place);
    }

    /** Looks every target up before the first of them is sent anything. */
    private TargetUnderTest foreign(Profile profile) throws CannotRun {
        Map<Endpoint, List<InetSocketAddress>> resolved = new LinkedHashMap<>();
        for (Endpoint asked : profile.askedTargets()) {
            resolved.put(asked, SafeTarget.resolve(asked, request.remote().mayTest()));
        }
        List<Located> located = new ArrayList<>();
        for (Map.Entry<Endpoint, List<InetSocketAddress>> each : resolved.entrySet()) {
            Endpoint asked = each.getKey();
            List<InetSocketAddress> all = each.getValue();
            Preflight found = Preflight.of(
                    profile,
                    asked,
                    all,
                    request.remote().keepGoing(),
                    request.remote().observe() != null);
            view.says(found.sentence());
            located.add(new Located(asked, found.address(), all));
        }
        return new TargetUnderTest.Foreign(located);
    }

    private static List<InetSocketAddress> addresses(TargetUnderTest target) {
        return target.located().stream().map(Located::address).toList();
    }

    private static boolean areHere(TargetUnderTest target) {
        return addresses(target).stream().allMatch(KernelWatch::isHere);
    }

    private KernelWatch watch(List<InetSocketAddress> targets, Duration interval, RunFiles files)
            throws IOException, CannotRun {
        Endpoint observe = request.remote().observe();
        if (observe == null) {
            return KernelWatch.of(targets, interval, files::append);
        } else if (targets.size() > 1) {
            throw new CannotRun("--observe sees the kernel of one target, and the profile has " + targets.size()
                    + ": remove it, or name one of them with --target.");
        }
        return KernelWatch.remote(
                targets.getFirst(), interval, observe, request.remote().observeToken(), files::append);
    }

    /** The server is started in the client's namespace; the pair's other half stays empty. */
    private RunResult runTogether(Profile profile, IsolatedPair pair) throws CannotRun {
        Duration interval = Duration.ofNanos(profile.observeIntervalNanos());
        try (TargetUnderTest target = start(
                        profile,
                        ServerPlace.loopbackOf(pair.client()),
                        pair.client().commandPrefix());
                RunFiles files = RunFiles.create(directory(profile), profile, seen::row);
                KernelWatch watch = KernelWatch.here(target.address(), interval, files::append)) {
            return run(profile, target, files, watch, null, SideSettings.here());
        } catch (IOException | UncheckedIOException e) {
            throw notWritten(e);
        }
    }

    private RunResult runIsolated(Profile profile, IsolatedPair pair) throws CannotRun {
        Duration interval = Duration.ofNanos(profile.observeIntervalNanos());
        try (TargetUnderTest target =
                        start(profile, pair.serverPlace(), pair.server().commandPrefix());
                RunFiles files = RunFiles.create(directory(profile), profile, seen::row);
                KernelWatch watch = KernelWatch.pair(target.address(), interval, pair.server(), files::append);
                PlayedNetwork network = PlayedNetwork.of(profile, pair, request.pcap(), files.path())) {
            return run(profile, target, files, watch, network, pair.serverSide());
        } catch (IOException | UncheckedIOException e) {
            throw notWritten(e);
        }
    }

    private static CannotRun notWritten(Exception e) {
        return new CannotRun(
                "The results cannot be written, or the kernel cannot be read: " + e.getMessage()
                        + "; free space or choose another place with --out.",
                e);
    }

    private LoadRun prepare(Profile profile, TargetUnderTest target, @Nullable PlayedNetwork network) throws CannotRun {
        TransportChoice.require(profile.client());
        List<Destination> destinations = new ArrayList<>();
        for (Located each : target.located()) {
            TlsContext.Client tls = TlsClients.of(profile, each.asked(), target.certificate());
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

    private RunResult run(
            Profile profile,
            TargetUnderTest target,
            RunFiles files,
            KernelWatch watch,
            @Nullable PlayedNetwork network,
            @Nullable SideSettings serverSide)
            throws IOException, CannotRun {
        InetAddress foreign = OwnAddresses.firstForeign(profile.client().sources());
        if (foreign != null) {
            throw new CannotRun(OwnAddresses.sentence(foreign) + ".");
        }
        Congestion.check(profile.client().congestion());
        Leftovers before =
                Leftovers.read(addresses(target), profile.client().sources().size());
        LoadRun load = prepare(profile, target, network);
        boolean shared = request.isolation() != Isolation.NETNS && areHere(target);
        seen.judgedBy(shared, () -> Warnings.soFar(Kernels.soFar(watch.soFar(), serverSide, shared)));
        List<ActionReport> done = new ArrayList<>();
        LongConsumer begins = nanos -> {
            watch.recordedFrom(nanos);
            if (network != null) {
                network.recordedFrom(nanos);
            }
        };
        Measurement measured = execute(profile, load, target, network, begins, reading -> write(files, reading), done);
        others.drained(load.startLateNanos());
        PlayedNetwork.Seen between = network == null ? null : network.finish();
        KernelFigures kernel = watch.finish();
        ServerProcess ours = target.finish();
        Profile part = request.share().part(profile);
        boolean own = profile.target() == null;
        ServerProcess server = own ? ours : watch.companion();
        List<Reconciled> reconciliation = new ArrayList<>(Reconciliation.of(part, measured, kernel, server, shared));
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
        summary = summary.with(done);
        if (between != null) {
            summary = summary.with(between.figures());
        }
        Environment environment =
                Environments.of(load.transport(), request.isolation(), profile.tls() != null, serverSide);
        boolean companionLost = own && ours == null && !measured.interrupted();
        summary = judged(part, summary, measured, environment, load, companionLost);
        IOException notWritten = files.finish(environment, summary);
        RunDirectory.release(files.path());
        checkThatAnythingConnected(load, target, files);
        return new RunResult(summary, files.path(), notWritten == null ? null : notWritten.getMessage());
    }

    /** The result with its warnings, and with what they and the thresholds make of it. */
    private static Summary judged(
            Profile part,
            Summary summary,
            Measurement measured,
            Environment environment,
            LoadRun load,
            boolean companionLost) {
        Facts.Mishaps mishaps = new Facts.Mishaps(
                load.stalledNanos(), load.longestStallNanos(), companionLost, load.interruptedInWarmup(), load.fault());
        List<RunWarning> warnings = Warnings.in(new Facts(
                part,
                measured,
                summary,
                environment,
                mishaps,
                () -> BlockingConnect.overheadMicros(
                        measured.recordedNanos() / Math.max(1, measured.total().started()))));
        return summary.with(new Verdict(
                Warnings.leaveValid(warnings),
                warnings.stream().map(RunWarning::inWords).toList(),
                ThresholdCheck.evaluate(summary, part.thresholds())));
    }

    private static void checkThatAnythingConnected(LoadRun load, TargetUnderTest target, RunFiles files)
            throws CannotRun {
        if (load.nothingConnected()) {
            throw new CannotRun("The first connections to " + Located.words(target.located())
                    + " all failed to connect, so the run was stopped (" + files.path()
                    + " has what was counted): start the server, or continue anyway with --keep-going.");
        }
    }

    /** Runs the load and, during it, the profile's actions, whose reports are added to {@code done}. */
    private Measurement execute(
            Profile profile,
            LoadRun load,
            TargetUnderTest target,
            @Nullable PlayedNetwork network,
            LongConsumer begins,
            Consumer<IntervalReading> eachInterval,
            List<ActionReport> done)
            throws CannotRun {
        StagedServer server = target instanceof StagedServer staged ? staged : null;
        try (ActionRunner actions = new ActionRunner(profile.actions(), server, network)) {
            ActionReport.Mark first = load.mark();
            LongConsumer both = nanos -> {
                begins.accept(nanos);
                seen.recordsFrom(nanos);
                actions.recordedFrom(nanos, load::mark);
            };
            Measurement measured = load.execute(others.startNanos(), both, eachInterval);
            done.addAll(actions.finish(first, load.mark()));
            return measured;
        }
    }

    private ResultsDirectory directory(Profile profile) throws CannotRun {
        return RunDirectory.of(request.out(), request.resultsRoot(), profile.name());
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
