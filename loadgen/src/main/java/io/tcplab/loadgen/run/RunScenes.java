package io.tcplab.loadgen.run;

import io.tcplab.kernel.host.Endpoint;
import io.tcplab.loadgen.plan.CannotRun;
import io.tcplab.loadgen.plan.OwnServer;
import io.tcplab.loadgen.plan.Profile;
import io.tcplab.loadgen.result.ResultsDirectory;
import io.tcplab.loadgen.view.View;
import io.tcplab.loadgen.watch.KernelWatch;
import io.tcplab.loadgen.watch.SideSettings;
import io.tcplab.loadgen.watch.TimelineRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Sets the scene of a run where the user wants it played: on this host, in a pair of namespaces, or in one. Everything that was set up is
 * gone when {@link #with} returns or throws. The calling thread's network namespace is the generator's.
 */
final class RunScenes {

    private final RunRequest request;
    private final View view;
    private final Consumer<TimelineRow> rows;
    private final BooleanSupplier interrupted;

    /** Every row of the timeline goes to {@code rows} as well; a server is waited for until {@code interrupted}. */
    RunScenes(RunRequest request, View view, Consumer<TimelineRow> rows, BooleanSupplier interrupted) {
        this.request = request;
        this.view = view;
        this.rows = rows;
        this.interrupted = interrupted;
    }

    /** What happens there. */
    interface Play {
        RunResult on(RunScene scene) throws IOException, CannotRun;
    }

    /** Sets the scene and has the run played there. */
    RunResult with(Profile profile, Play play) throws CannotRun {
        return switch (request.isolation()) {
            case NONE -> here(profile, play);
            case NETNS -> {
                Profile isolated = IsolatedPair.fit(profile);
                try (IsolatedPair pair =
                        IsolatedPair.create(isolated, isolated.needsCable() || request.pcap() != null)) {
                    yield pair.inClient(() -> isolated(isolated, pair, play));
                }
            }
            case LOOPBACK -> {
                try (IsolatedPair pair = IsolatedPair.create(profile, false)) {
                    yield pair.inClient(() -> together(profile, pair, play));
                }
            }
        };
    }

    private RunResult here(Profile profile, Play play) throws CannotRun {
        try (TargetUnderTest target =
                        profile.target() == null ? start(profile, ServerPlace.here(), List.of()) : foreign(profile);
                RunFiles files = RunFiles.create(directory(profile), profile, rows);
                KernelWatch watch = watch(target.addresses(), interval(profile), files)) {
            SideSettings serverSide = watch.serversAreHere() ? SideSettings.here() : watch.remoteSide();
            return play.on(new RunScene(profile, target, files, watch, null, serverSide));
        } catch (IOException | UncheckedIOException e) {
            throw notWritten(e);
        }
    }

    /** The server is started in the client's namespace; the pair's other half stays empty. */
    private RunResult together(Profile profile, IsolatedPair pair, Play play) throws CannotRun {
        try (TargetUnderTest target = start(
                        profile,
                        ServerPlace.loopbackOf(pair.client()),
                        pair.client().commandPrefix());
                RunFiles files = RunFiles.create(directory(profile), profile, rows);
                KernelWatch watch = KernelWatch.of(List.of(target.address()), interval(profile), files::append)) {
            return play.on(new RunScene(profile, target, files, watch, null, SideSettings.here()));
        } catch (IOException | UncheckedIOException e) {
            throw notWritten(e);
        }
    }

    private RunResult isolated(Profile profile, IsolatedPair pair, Play play) throws CannotRun {
        try (TargetUnderTest target =
                        start(profile, pair.serverPlace(), pair.server().commandPrefix());
                RunFiles files = RunFiles.create(directory(profile), profile, rows);
                KernelWatch watch =
                        KernelWatch.pair(target.address(), interval(profile), pair.server(), files::append);
                PlayedNetwork network = PlayedNetwork.of(profile, pair, request.pcap(), files.path())) {
            return play.on(new RunScene(profile, target, files, watch, network, pair.serverSide()));
        } catch (IOException | UncheckedIOException e) {
            throw notWritten(e);
        }
    }

    /** Starts the profile's own server, or a companion, which the prefix brings to where it is to run. */
    private TargetUnderTest start(Profile profile, ServerPlace place, List<String> prefix) throws CannotRun {
        OwnServer own = profile.ownServer();
        return own == null
                ? ChildCompanion.start(profile, place.addresses().getFirst().getHostAddress(), prefix)
                : StagedServer.start(own, place, interrupted);
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

    private static Duration interval(Profile profile) {
        return Duration.ofNanos(profile.observeIntervalNanos());
    }

    private ResultsDirectory directory(Profile profile) throws CannotRun {
        return RunDirectory.of(request.out(), request.resultsRoot(), profile.name());
    }

    private static CannotRun notWritten(Exception e) {
        return new CannotRun(
                "The results cannot be written, or the kernel cannot be read: " + e.getMessage()
                        + "; free space or choose another place with --out.",
                e);
    }
}
